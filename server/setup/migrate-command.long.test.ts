import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createPostgresDatabase, testDialects } from '../testing/database.ts'
import { makeFolder, runCommand } from '../testing/process.ts'

for (const dialect of testDialects)
  test(`${dialect}: migrate takes the steps that are missing, once; --check only says which`, async () => {
    const folder = makeFolder()
    const postgres = dialect === 'postgres' ? await createPostgresDatabase() : undefined
    const settings: Record<string, string> = postgres
      ? { LATCHKEY_DATABASE_URL: postgres.url, LATCHKEY_MASTER_KEY: 'k'.repeat(43) }
      : {}
    const migrate = (...words: string[]) => runCommand(folder.path, ['migrate', ...words], settings)

    const before = await migrate('--check')
    assert.equal(before.code, 1)
    assert.match(before.output, postgres ? /Missing: 0001-foundation/ : /There is no database yet/)
    const first = await migrate()
    assert.equal(first.code, 0, first.output)
    assert.match(first.output, /^0001-foundation\n[\s\S]*log-0002-activity\n[\s\S]*Done\.\n$/)
    const again = await migrate('--json')
    assert.deepEqual([again.code, JSON.parse(again.output).taken], [0, []])
    const after = await migrate('--check')
    assert.deepEqual([after.code, after.output], [0, 'No step is missing.\n'])
    await postgres?.drop()
    folder.remove()
  })
