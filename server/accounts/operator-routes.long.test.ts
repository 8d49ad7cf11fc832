// The same on PostgreSQL.
import './operator-routes.test.ts'
