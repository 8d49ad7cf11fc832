// The same on PostgreSQL.
import './members.test.ts'
