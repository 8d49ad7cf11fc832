// The same on PostgreSQL.
import './audit-command.test.ts'
