// The same on PostgreSQL.
import './change-master-key.test.ts'
