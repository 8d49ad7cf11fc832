// The same on PostgreSQL.
import './apply-catalogue.test.ts'
