import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, test } from 'node:test'
import { createWorld } from '../server/testing/world.ts'

const world = await createWorld()
const url = await world.listen()
const folder = mkdtempSync(join(tmpdir(), 'latchkey-try-'))
after(async () => {
  rmSync(folder, { recursive: true })
  await world.close()
})

interface Demo {
  url: string
  clientId: string
  clientSecret: string
}

function writeDemo({ url, clientId, clientSecret }: Demo): void {
  const lines = [
    `LATCHKEY_URL=${url}`,
    `LATCHKEY_CLIENT_ID=${clientId}`,
    `LATCHKEY_CLIENT_SECRET=${clientSecret}`,
  ]
  writeFileSync(join(folder, 'demo.env'), `${lines.join('\n')}\n`)
}

async function run(dataDir = folder): Promise<{ code: unknown; output: string; errors: string }> {
  const env = { ...process.env, LATCHKEY_DATA_DIR: dataDir }
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), 'try'], { env })
  const ended = new Promise((resolve) => child.once('close', resolve))
  const [output, errors, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  return { code, output, errors }
}

test('it shows one token request and three API calls, and neither secret nor token', async () => {
  const client = await world.makeClient()
  writeDemo({ url, ...client })
  const { code, output, errors } = await run()
  assert.deepEqual([code, errors], [0, ''])
  assert.match(output, /4 requests: 1 token request, 3 API calls\n$/)
  for (const line of [
    '> POST /oauth/connect/token',
    '> authorization: Basic ****',
    '> grant_type=client_credentials&scope=document_read+event+identify',
    '< {"access_token":"eyJh…(masked)","token_type":"Bearer","expires_in":3600',
    '> GET /signature/documents',
    '> GET /notification/events',
    '> GET /identification/sessions',
    '> authorization: Bearer eyJh…(masked)',
    '< 200 OK',
    '< {"items":[],"nextCursor":null}',
  ])
    assert.ok(output.includes(line), line)
  const { clientId, clientSecret } = client
  const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64')
  for (const hidden of [clientSecret, basic]) assert.ok(!output.includes(hidden))
  // A token has three parts in base64url; nothing else here is that long.
  assert.doesNotMatch(output, /eyJ[\w-]{5}|[\w-]{60}/)
})

for (const [name, wanted, prepare, words] of [
  [
    'without a demo client',
    2,
    async () => rmSync(join(folder, 'demo.env'), { force: true }),
    /^latchkey: There is no demo client in .*demo\.env\. Run npm start in another terminal first, then npm run try again\.\n$/,
  ],
  [
    'when no server runs',
    6,
    async () => writeDemo({ url: await freeUrl(), ...(await world.makeClient()) }),
    /^latchkey: Nothing answers at http:\/\/127\.0\.0\.1:\d+\. Run npm start in another terminal first, then npm run try again\.\n$/,
  ],
  [
    'with a broken file',
    2,
    async () => writeDemo({ url, ...(await world.makeClient()), clientSecret: '' }),
    /demo\.env has no LATCHKEY_CLIENT_SECRET/,
  ],
  [
    'with a client of another server',
    3,
    async () => writeDemo({ url, clientId: 'test-quiet-fjord-482', clientSecret: 'lk_test_canary' }),
    /^latchkey: No access token: Client id and secret do not match/,
  ],
  [
    'with a client that lacks a scope',
    4,
    async () => writeDemo({ url, ...(await world.makeClient({ scopes: ['event'] })) }),
    /may not request document_read[\s\S]*Mend it: http/,
  ],
] as const) {
  test(`${name} it says in a sentence what to do, and fails`, async () => {
    await prepare()
    const { code, output, errors } = await run()
    assert.equal(code, wanted)
    assert.match(errors, words)
    assert.doesNotMatch(output + errors, /canary/)
  })
}

async function freeUrl(): Promise<string> {
  const { createServer } = await import('node:net')
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
}
