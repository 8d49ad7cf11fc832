// Who may do what at the account API: every operation × every caller × own and foreign accounts and environments.
import { test } from 'node:test'
import { checkMatrix } from './testing/account-api/check-matrix.ts'

test(
  'no cell of the matrix leaks, and each is answered as the permission table says',
  { timeout: 180_000 },
  (context) => checkMatrix('sqlite', false, (text) => context.diagnostic(text)),
)
