// The same on PostgreSQL.
import './stream.test.ts'
