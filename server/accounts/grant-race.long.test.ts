// The same on PostgreSQL.
import './grant-race.test.ts'
