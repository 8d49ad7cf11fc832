// `npm start` as a person meets it, from the outside.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { freePort, makeFolder, startProcess, startReady } from './testing/process.ts'
import { basic } from './testing/world.ts'

const form = { 'content-type': 'application/x-www-form-urlencoded' }

test('a first start makes a demo client and prints, in at most 12 lines, two lines that work when pasted', async () => {
  const folder = makeFolder()
  const server = await startReady(folder.path)
  const lines = server.output().trimEnd().split('\n')
  assert.ok(lines.length <= 12, server.output())
  assert.match(folder.demo().clientId, /^test-[a-z]+-[a-z]+-\d{3}$/)
  assert.equal(statSync(join(folder.path, 'demo.env')).mode & 0o777, 0o600)
  assert.ok(!server.output().includes(folder.demo().clientSecret), 'the secret is not printed')
  const pasted = lines
    .filter((line) => line.includes('curl'))
    .map((line) =>
      execFileSync('bash', ['-c', line], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
    )
  assert.equal(pasted.length, 2)
  assert.equal(JSON.parse(pasted[0] ?? '').token_type, 'Bearer')
  assert.deepEqual(JSON.parse(pasted[1] ?? ''), { items: [], nextCursor: null })
  server.child.kill('SIGTERM')
  assert.equal(await server.exited, 0)
  folder.remove()
})

test('the next start keeps the client, and shows the address of today', async () => {
  const folder = makeFolder()
  const first = await startReady(folder.path)
  const before = folder.demo()
  first.child.kill('SIGTERM')
  await first.exited
  const second = await startReady(folder.path)
  assert.deepEqual(folder.demo(), before)
  assert.match(
    readFileSync(join(folder.path, 'demo.env'), 'utf8'),
    new RegExp(`^LATCHKEY_URL=${second.url}$`, 'm'),
  )
  const answer = await fetch(`${second.url}/oauth/connect/token`, {
    method: 'POST',
    headers: { authorization: basic(before), ...form },
    body: 'grant_type=client_credentials&scope=event',
  })
  assert.equal(answer.status, 200)
  second.child.kill('SIGTERM')
  await second.exited
  folder.remove()
})

test('a second server on the same data is refused with a sentence', async () => {
  const folder = makeFolder()
  const first = await startReady(folder.path)
  const second = await startProcess(folder.path)
  assert.equal(await second.exited, 3)
  assert.match(second.output(), /Another Latchkey server is running on the data folder/)
  assert.doesNotMatch(second.output(), /\n\s+at /)
  first.child.kill('SIGTERM')
  await first.exited
  folder.remove()
})

for (const [name, settings, code, sentence] of [
  [
    'production without settings',
    { NODE_ENV: 'production' },
    2,
    /LATCHKEY_PUBLIC_URL is missing[\s\S]*LATCHKEY_MASTER_KEY is missing/,
  ],
  ['a misspelt setting', { LATCHKEY_PUBLIC_ULR: 'x' }, 2, /Did you mean LATCHKEY_PUBLIC_URL\?/],
  [
    'a set-up that is not there',
    { LATCHKEY_APPLY: '/nowhere.json' },
    2,
    /LATCHKEY_APPLY names "\/nowhere.json", which cannot be read \(ENOENT\)/,
  ],
  [
    'a PostgreSQL that is not there',
    { LATCHKEY_DATABASE_URL: 'postgres://u:canary@127.0.0.1:1/d', LATCHKEY_MASTER_KEY: 'k'.repeat(43) },
    3,
    /The database cannot be reached/,
  ],
] as const) {
  test(`a start with ${name} ends with a sentence and code ${code}`, async () => {
    const folder = makeFolder()
    const server = await startProcess(folder.path, settings)
    assert.equal(await server.exited, code, server.output())
    assert.match(server.output(), sentence)
    assert.doesNotMatch(server.output(), /canary|\n\s+at /)
    folder.remove()
  })
}

test('a taken port is said in a sentence', async () => {
  const [one, two] = [makeFolder(), makeFolder()]
  const first = await startReady(one.path)
  const second = await startProcess(two.path, { LATCHKEY_PORT: new URL(first.url).port })
  assert.equal(await second.exited, 3)
  assert.match(second.output(), /The port is taken by another program/)
  first.child.kill('SIGTERM')
  await first.exited
  one.remove()
  two.remove()
})

test('another master key than the one that wrapped the data stops the start', async () => {
  const folder = makeFolder()
  const first = await startReady(folder.path)
  first.child.kill('SIGTERM')
  await first.exited
  const second = await startProcess(folder.path, { LATCHKEY_MASTER_KEY: 'k'.repeat(43) })
  assert.equal(await second.exited, 3)
  assert.match(second.output(), /wrapped with another master key/)
  folder.remove()
})

test('production starts with its settings, makes no demo client and logs JSON', async () => {
  const folder = makeFolder()
  const setup = join(folder.path, 'setup.json')
  const secret = 'canary-canary-canary-canary-canary-canary-1'
  const client = {
    clientId: 'prod-acme-1',
    environment: 'production',
    name: 'A',
    scopes: ['event'],
    secrets: [{ name: 'first', secret }],
  }
  writeFileSync(
    setup,
    JSON.stringify({ accounts: [{ id: 'acme', name: 'Acme', production: 'approved', clients: [client] }] }),
  )
  const port = await freePort()
  const settings = {
    NODE_ENV: 'production',
    LATCHKEY_PUBLIC_URL: 'https://api.example',
    LATCHKEY_MASTER_KEY: 'k'.repeat(43),
    LATCHKEY_APPLY: setup,
    LATCHKEY_PORT: String(port),
  }
  const server = await startProcess(folder.path, settings)
  while (!server.output().includes('listening')) await new Promise((resolve) => setTimeout(resolve, 20))
  const answer = await fetch(`http://127.0.0.1:${port}/oauth/connect/token`, {
    method: 'POST',
    headers: { authorization: basic({ clientId: 'prod-acme-1', clientSecret: secret }), ...form },
    body: 'grant_type=client_credentials&scope=event',
  })
  const { access_token: token } = await answer.json()
  const claims = JSON.parse(Buffer.from(String(token).split('.')[1] ?? '', 'base64url').toString())
  assert.deepEqual(
    [claims.iss, claims.aud, claims.environment],
    ['https://api.example/oauth', 'https://api.example', 'production'],
  )
  assert.throws(() => folder.demo(), /ENOENT/)
  server.child.kill('SIGTERM')
  assert.equal(await server.exited, 0)
  for (const line of server.output().trim().split('\n')) assert.ok(JSON.parse(line).level, line)
  assert.doesNotMatch(server.output(), /canary/)
  folder.remove()
})
