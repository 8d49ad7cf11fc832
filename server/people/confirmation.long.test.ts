// The same on PostgreSQL.
import './confirmation.test.ts'
