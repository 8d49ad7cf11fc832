// The same on PostgreSQL.
import './published-keys.test.ts'
