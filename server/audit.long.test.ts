// The same on PostgreSQL.
import './audit.test.ts'
