// The same on PostgreSQL.
import './idempotency-key.test.ts'
