// The same on PostgreSQL.
import './failed-attempts.test.ts'
