// The same on PostgreSQL.
import './page.test.ts'
