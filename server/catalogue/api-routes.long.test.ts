// The same on PostgreSQL.
import './api-routes.test.ts'
