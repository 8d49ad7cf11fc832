// The same on PostgreSQL.
import './read-routes.test.ts'
