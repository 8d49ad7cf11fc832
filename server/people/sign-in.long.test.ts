// The same on PostgreSQL.
import './sign-in.test.ts'
