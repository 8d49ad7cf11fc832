// The same on PostgreSQL.
import './secret-routes.test.ts'
