// The same on PostgreSQL.
import './apply-command.test.ts'
