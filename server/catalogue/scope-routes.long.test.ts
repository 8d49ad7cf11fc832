// The same on PostgreSQL.
import './scope-routes.test.ts'
