import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createApp } from '../app.ts'
import { testDialects } from '../testing/database.ts'
import { makeFolder, startProcess, startReady } from '../testing/process.ts'
import { basic, createWorld, tokenRequest } from '../testing/world.ts'
import { openVault, VaultError } from '../vault.ts'
import { changeMasterKey } from './change-master-key.ts'

const newKey = Buffer.alloc(32, 9)

for (const dialect of testDialects) {
  test(`${dialect}: with another master key, secrets and tokens from before work; two nodes may change it at once`, async () => {
    const world = await createWorld({ dialect })
    const { db } = world.database
    const client = await world.makeClient()
    const token = await world.token(['document_read'], client)
    await world.app.rotation.rotate('now', 'RS256')
    const vault = () => openVault(newKey, world.masterKey)
    await Promise.all([1, 2, 3].map(() => changeMasterKey(db, vault(), world.newId, world.clock.now())))

    const rows = await db.selectFrom('wrapped_secret').select(['name', 'wrapped']).execute()
    const keys = await db.selectFrom('signing_key').selectAll().execute()
    const wrapped = [...rows.map((row) => row.wrapped), ...keys.map((key) => key.wrapped_private_key)]
    // The gate of the first key holds nothing.
    assert.deepEqual(
      wrapped.filter((text) => !openVault(newKey).owns(text)),
      [''],
    )
    const { config, clock, newId } = world
    const options = { config, database: world.database, now: clock.now, newId }
    await assert.rejects(createApp({ ...options, vault: openVault(world.masterKey) }), VaultError)
    const app = await createApp({ ...options, vault: openVault(newKey) })
    const headers = { authorization: `Bearer ${token}` }
    const call = await app.server.inject({ url: '/signature/documents', headers })
    const issued = await app.server.inject(tokenRequest(client, 'grant_type=client_credentials&scope=event'))
    assert.deepEqual([call.statusCode, issued.statusCode], [200, 200])
    // A node that runs on from before is not disturbed.
    await world.app.changes.poll()
    assert.ok(await world.token(['event'], client))
    await app.close()
    await world.close()
  })

  test(`${dialect}: with a third master key nothing is changed`, async () => {
    const world = await createWorld({ dialect })
    const { db } = world.database
    const all = async () => [
      await db.selectFrom('wrapped_secret').selectAll().orderBy('name').execute(),
      await db.selectFrom('signing_key').selectAll().execute(),
    ]
    const before = await all()
    await assert.rejects(
      changeMasterKey(db, openVault(newKey, Buffer.alloc(32, 8)), world.newId, 0),
      /another master key/,
    )
    assert.deepEqual(await all(), before)
    await world.close()
  })
}

test('a start with the previous master key beside the new one goes over to it, and later starts need the new one alone', async () => {
  const folder = makeFolder()
  const [old, next] = ['a'.repeat(64), 'b'.repeat(64)]
  // The issuer stays the same whatever the port is.
  const issuer = { LATCHKEY_PUBLIC_URL: 'http://127.0.0.1:1' }
  const serve = async (keys: Record<string, string>, bearer?: string) => {
    const server = await startReady(folder.path, { ...issuer, ...keys })
    const answer = await fetch(`${server.url}/oauth/connect/token`, {
      method: 'POST',
      headers: { authorization: basic(folder.demo()), 'content-type': 'application/x-www-form-urlencoded' },
      body: 'grant_type=client_credentials&scope=document_read',
    })
    const { access_token: token } = await answer.json()
    const headers = { authorization: `Bearer ${bearer ?? token}` }
    assert.equal((await fetch(`${server.url}/signature/documents`, { headers })).status, 200)
    server.child.kill('SIGTERM')
    await server.exited
    return String(token)
  }
  const token = await serve({ LATCHKEY_MASTER_KEY: old })
  await serve({ LATCHKEY_MASTER_KEY: next, LATCHKEY_PREVIOUS_MASTER_KEY: old }, token)
  await serve({ LATCHKEY_MASTER_KEY: next }, token)
  const refused = await startProcess(folder.path, { ...issuer, LATCHKEY_MASTER_KEY: old })
  assert.equal(await refused.exited, 3)
  assert.match(refused.output(), /were wrapped with another master key/)
  assert.doesNotMatch(refused.output(), new RegExp(`${old}|${next}`))
  folder.remove()
})
