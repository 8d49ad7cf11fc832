// The same on PostgreSQL.
import './audit-routes.test.ts'
