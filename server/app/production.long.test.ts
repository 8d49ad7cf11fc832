// The same on PostgreSQL.
import './production.test.ts'
