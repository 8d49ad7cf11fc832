// The same on PostgreSQL.
import './idempotency.test.ts'
