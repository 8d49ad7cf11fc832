// On PostgreSQL, too: `dialectsOfRun`.
import './device-sign-in.test.ts'
