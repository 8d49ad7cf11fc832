// The same on PostgreSQL.
import './recorder.test.ts'
