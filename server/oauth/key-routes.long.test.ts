// The same on PostgreSQL.
import './key-routes.test.ts'
