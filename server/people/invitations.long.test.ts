// The same on PostgreSQL.
import './invitations.test.ts'
