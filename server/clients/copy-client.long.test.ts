// The same on PostgreSQL.
import './copy-client.test.ts'
