// The same on PostgreSQL.
import './system-routes.test.ts'
