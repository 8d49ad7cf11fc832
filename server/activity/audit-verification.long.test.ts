// The same on PostgreSQL.
import './audit-verification.test.ts'
