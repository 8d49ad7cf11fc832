// The same on PostgreSQL.
import './secret-refusals.test.ts'
