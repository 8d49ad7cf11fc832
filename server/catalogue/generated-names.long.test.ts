// The same on PostgreSQL.
import './generated-names.test.ts'
