import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeFolder, runCommand } from '../testing/process.ts'

const folder = makeFolder()
const secret = 'canary'.padEnd(43, 'k')

test('config check names what is set, and never a secret', async () => {
  const { code, output } = await runCommand(folder.path, ['config', 'check'], { LATCHKEY_MASTER_KEY: secret })
  assert.equal(code, 0)
  assert.match(output, /^The settings can be used\. Not production, at http:\/\/127\.0\.0\.1:3000\.\n/)
  assert.match(output, /LATCHKEY_MASTER_KEY {2}\(secret\) {2}from the environment/)
  assert.doesNotMatch(output, /canary/)
})

test('config check names everything that is wrong at once, and ends with 2', async () => {
  const wrong = { LATCHKEY_PRT: '1', LATCHKEY_PORT: 'many', NODE_ENV: 'production' }
  const { code, output } = await runCommand(folder.path, ['config', 'check', '--json'], wrong)
  assert.equal(code, 2)
  const { good, errors } = JSON.parse(output)
  assert.deepEqual([good, errors.length >= 4], [false, true], output)
})

test('config explain says what a setting is for, what is allowed, and where its value comes from', async () => {
  const { code, output } = await runCommand(folder.path, ['config', 'explain', 'latchkey_port'], {
    LATCHKEY_PORT: '8080',
  })
  assert.equal(code, 0)
  assert.match(
    output,
    /^LATCHKEY_PORT\n {2}sets {6}the port to listen on\n {2}allowed {3}a whole number.*\n {2}default {3}3000\n {2}value {5}from the environment, "8080"/,
  )
  const unknown = await runCommand(folder.path, ['config', 'explain', 'PUBLIC_ULR'])
  assert.equal(unknown.code, 2)
  assert.match(unknown.output, /Did you mean LATCHKEY_PUBLIC_URL\?/)
  folder.remove()
})
