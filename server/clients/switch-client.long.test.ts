// The same on PostgreSQL.
import './switch-client.test.ts'
