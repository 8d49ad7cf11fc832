// The same on every operation.
import './jwt-attacks.test.ts'
