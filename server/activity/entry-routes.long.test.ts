// The same on PostgreSQL.
import './entry-routes.test.ts'
