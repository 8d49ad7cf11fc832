// The same on PostgreSQL.
import './admin-command.test.ts'
