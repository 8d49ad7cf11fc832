// The same on PostgreSQL.
import './try-routes.test.ts'
