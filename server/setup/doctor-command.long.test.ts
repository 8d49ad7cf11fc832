// The same on PostgreSQL.
import './doctor-command.test.ts'
