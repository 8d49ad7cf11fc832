// The same on PostgreSQL.
import './sign-up.test.ts'
