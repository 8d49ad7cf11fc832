// The same on PostgreSQL.
import './change-client.test.ts'
