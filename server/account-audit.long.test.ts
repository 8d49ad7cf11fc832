// The same on PostgreSQL.
import './account-audit.test.ts'
