import { test } from 'node:test'
import { checkGeneratedRequests } from './testing/account-api/check-generated.ts'
import { testDialects } from './testing/database.ts'

for (const dialect of testDialects) {
  const count = dialect === 'sqlite' ? 40_000 : 10_000
  test(`${count} generated requests to the account API on ${dialect}: no fault, no answer outside its schema`, (context) =>
    checkGeneratedRequests(dialect, count, Date.now() % 2 ** 31, (text) => context.diagnostic(text)))
}
