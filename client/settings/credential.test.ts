import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { systemRuntime } from '../runtime.ts'
import { readCredential } from './credential.ts'

const folder = mkdtempSync(join(tmpdir(), 'latchkey-secret-'))
after(() => rmSync(folder, { recursive: true }))

for (const [name, written] of [
  ['as it is', 'lk_test_canary'],
  ['with a line break', 'lk_test_canary\n'],
  ['with a line break of Windows', 'lk_test_canary\r\n'],
] as const) {
  test(`a secret file is read ${name}`, async () => {
    const file = join(folder, 'secret')
    writeFileSync(file, written)
    const { keyMaterial } = await readCredential({ file }, 'client_secret_basic', systemRuntime)
    assert.equal(new TextDecoder().decode(await keyMaterial()), 'lk_test_canary')
  })
}

for (const [name, source, words] of [
  ['a variable', { variable: 'LATCHKEY_TEST_NOT_SET' }, /empty: set LATCHKEY_TEST_NOT_SET/],
  ['a function', { value: async () => '' }, /empty: the clientSecret function returned nothing/],
] as const) {
  test(`an empty secret from ${name} is refused`, () =>
    assert.rejects(readCredential(source, 'client_secret_basic', systemRuntime), {
      name: 'SettingsError',
      message: words,
    }))
}

test('the fingerprint tells secrets apart and shows neither', async () => {
  const [one, again, other] = await Promise.all(
    ['canary-1', 'canary-1', 'canary-2'].map((value) =>
      readCredential({ value }, 'client_secret_basic', systemRuntime),
    ),
  )
  assert.equal(one?.fingerprint, again?.fingerprint)
  assert.notEqual(one?.fingerprint, other?.fingerprint)
  assert.match(one?.fingerprint ?? '', /^[0-9a-f]{64}$/)
})
