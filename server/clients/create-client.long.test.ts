// The same on PostgreSQL.
import './create-client.test.ts'
