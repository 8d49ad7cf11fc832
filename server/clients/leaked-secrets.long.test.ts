// The same on PostgreSQL.
import './leaked-secrets.test.ts'
