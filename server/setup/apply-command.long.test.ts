// The declared set-up while servers run, and before any has.
import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { createPostgresDatabase, testDialects } from '../testing/database.ts'
import { makeFolder, runCommand, startReady } from '../testing/process.ts'
import { until } from '../testing/until.ts'
import { basic } from '../testing/world.ts'

const clientSecret = 'a'.repeat(43)
const setup = {
  apis: [
    {
      id: 'orders',
      name: 'Orders',
      audiences: { production: 'https://orders.example', test: 'https://test.orders.example' },
      scopes: [{ name: 'orders_read', description: 'Read orders' }],
    },
  ],
  accounts: [
    {
      id: 'acme',
      name: 'Acme',
      clients: [
        {
          ...{ clientId: 'test-acme-1', environment: 'test', name: 'Acme', scopes: ['orders_read', 'event'] },
          secrets: [{ name: 'first', secret: clientSecret }],
        },
      ],
    },
  ],
}

for (const dialect of testDialects)
  test(`${dialect}: apply makes what the file declares while the server runs, says what it did, and does it once`, async () => {
    const folder = makeFolder()
    const file = join(folder.path, 'setup.json')
    writeFileSync(file, JSON.stringify(setup))
    const postgres = dialect === 'postgres' ? await createPostgresDatabase() : undefined
    const settings: Record<string, string> = postgres
      ? { LATCHKEY_DATABASE_URL: postgres.url, LATCHKEY_MASTER_KEY: 'k'.repeat(43) }
      : {}
    const server = await startReady(folder.path, settings)
    // A shell with other settings than those of the server: the built-in APIs keep the server's audiences.
    const elsewhere = { ...settings, LATCHKEY_PUBLIC_URL: 'http://127.0.0.1:1' }
    const apply = (...words: string[]) => runCommand(folder.path, ['apply', ...words], elsewhere)

    const done = await apply(file)
    assert.equal(done.code, 0, done.output)
    assert.match(done.output, /api\.created {2}orders\n[\s\S]*client\.created {2}test-acme-1\n/)
    const token = (scope = 'orders_read') =>
      fetch(`${server.url}/oauth/connect/token`, {
        method: 'POST',
        headers: { authorization: basic({ clientId: 'test-acme-1', clientSecret }) },
        body: new URLSearchParams({ grant_type: 'client_credentials', scope }),
      })
    await until(async () => ((await token()).status === 200 ? true : undefined), 'a token')
    const { access_token: own } = await (await token('event')).json()
    const claims = JSON.parse(Buffer.from(String(own).split('.')[1] ?? '', 'base64url').toString())
    assert.equal(claims.aud, `${server.url}/test`)

    const again = await apply(file, '--json')
    assert.deepEqual([again.code, JSON.parse(again.output)], [0, { changes: [] }])
    const trail = await runCommand(folder.path, ['audit', 'verify', '--json'], settings)
    assert.equal(JSON.parse(trail.output).holds, true)

    writeFileSync(file, JSON.stringify({ accounts: [{ id: 'acme', name: 'Acme', scopes: ['no_such'] }] }))
    const wrong = await apply(file)
    assert.equal(wrong.code, 2)
    assert.match(wrong.output, /nothing was changed:\n.*the scope no_such is unknown/)
    const missing = await apply(join(folder.path, 'nothing.json'))
    assert.deepEqual([missing.code, /cannot be read \(ENOENT\)/.test(missing.output)], [2, true])
    server.child.kill('SIGTERM')
    await server.exited
    await postgres?.drop()
    folder.remove()
  })

test('apply works on a database that no server has seen yet', async () => {
  const folder = makeFolder()
  const file = join(folder.path, 'setup.json')
  writeFileSync(file, JSON.stringify(setup))
  const { code, output } = await runCommand(folder.path, ['apply', file], {
    LATCHKEY_MASTER_KEY: 'k'.repeat(43),
  })
  assert.equal(code, 0, output)
  folder.remove()
})
