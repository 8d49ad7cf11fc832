// The same on PostgreSQL.
import './forward-auth.test.ts'
