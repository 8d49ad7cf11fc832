// The same on PostgreSQL.
import './last-used.test.ts'
