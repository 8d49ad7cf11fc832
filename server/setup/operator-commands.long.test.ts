// The same on PostgreSQL.
import './operator-commands.test.ts'
