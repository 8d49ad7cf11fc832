// The same on PostgreSQL.
import './forward-auth-life.test.ts'
