// The same on PostgreSQL.
import './counters.test.ts'
