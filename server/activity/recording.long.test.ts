// The same on PostgreSQL.
import './recording.test.ts'
