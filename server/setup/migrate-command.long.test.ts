// The same on PostgreSQL.
import './migrate-command.test.ts'
