// The same on PostgreSQL.
import './reset-link.test.ts'
