// The same on PostgreSQL.
import './list-clients.test.ts'
