// The same on PostgreSQL.
import './use.test.ts'
