// The same on PostgreSQL.
import './apply-members.test.ts'
