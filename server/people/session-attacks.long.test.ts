// The same on PostgreSQL.
import './session-attacks.test.ts'
