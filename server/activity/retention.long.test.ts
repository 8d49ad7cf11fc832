// The same on PostgreSQL.
import './retention.test.ts'
