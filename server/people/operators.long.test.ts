// The same on PostgreSQL.
import './operators.test.ts'
