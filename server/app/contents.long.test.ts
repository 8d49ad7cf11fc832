// The same on PostgreSQL.
import './contents.test.ts'
