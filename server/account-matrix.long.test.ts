import { test } from 'node:test'
import { checkMatrix } from './testing/account-api/check-matrix.ts'
import { testDialects } from './testing/database.ts'

for (const dialect of testDialects) {
  test(`no cell of the matrix leaks on ${dialect}`, (context) =>
    checkMatrix(dialect, true, (text) => context.diagnostic(text)))
}
