// What somebody typed where it does not belong is not repeated in the answer.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createProgram } from './program.ts'

const secret = 'lk_test_PDna81xq_canary-canary-canary-canary-canary-canary-canary-cana'
const token = 'eyJhbGciOiJFUzI1NiJ9.eyJjYW5hcnkiOjF9.c2lnbmF0dXJlLWNhbmFyeQ'

for (const words of [
  ['token', secret],
  [`--secret=${secret}`, 'token'],
  ['token', '--client-secret=canary of another kind'],
  ['curl', `--token=${token}`],
  ['clients', 'list', token],
  [secret],
])
  test(`a usage error of ${words[0]?.slice(0, 12)} repeats no secret (${words.length} words)`, async (context) => {
    let said = ''
    context.mock.method(process.stderr, 'write', (text: string) => {
      said += text
      return true
    })
    const failed = await createProgram(words)
      .parseAsync(words, { from: 'user' })
      .then(() => undefined, String)
    context.mock.restoreAll()
    assert.ok(failed)
    assert.doesNotMatch(`${said} ${failed.replace(/^CommanderError.*/s, '')}`, /PDna81xq|canary|eyJ/)
  })
