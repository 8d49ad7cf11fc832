// The same on PostgreSQL.
import './audited.test.ts'
