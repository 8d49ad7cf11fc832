// Who revokes something is told which servers know it: with two nodes, and with one whose cable was pulled.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { disableClient } from '../clients/revocations.ts'
import { openCuttableProxy } from '../testing/cuttable-proxy.ts'
import { testDialects } from '../testing/database.ts'
import { openSecondApp } from '../testing/second-app.ts'
import { createWorld, tokenRequest } from '../testing/world.ts'
import { recordChange, watchChanges } from './changes.ts'

const skip = !testDialects.includes('postgres') && 'PostgreSQL is not here'
const body = 'grant_type=client_credentials&scope=event'
const ofTest = (id: string) => ({ id, environment: 'test' as const })

test('sqlite: the one server knows at once, and writes nothing for it', async () => {
  const world = await createWorld()
  const count = async (table: 'node' | 'change_log') =>
    (await world.database.db.selectFrom(table).selectAll().execute()).length
  const before = await count('change_log')
  assert.deepEqual(await world.app.changes.waitForNodes(), { seen: 1, live: 1, missing: [] })
  assert.deepEqual([await count('node'), await count('change_log')], [0, before])
  await world.close()
})

test('who has waited for the nodes finds a disabled client refused by all of them; a stopped one is not waited for', {
  skip,
}, async () => {
  const world = await createWorld({ dialect: 'postgres' })
  const second = await openSecondApp(world)
  for (let round = 0; round < 3; round++) {
    const client = await world.makeClient()
    const ask = async () => (await second.app.server.inject(tokenRequest(client, body))).statusCode
    const token = await world.token(['event'], client)
    const headers = { authorization: `Bearer ${token}` }
    const call = async () =>
      (await second.app.server.inject({ url: '/notification/events', headers })).statusCode
    assert.deepEqual([await ask(), await call()], [200, 200])
    await disableClient(world.database.db, ofTest(client.clientId), world.clock.now())
    assert.deepEqual(await world.app.changes.waitForNodes(), { seen: 2, live: 2, missing: [] })
    assert.deepEqual([await call(), await ask()], [401, 401])
  }
  await second.close()
  assert.deepEqual(await world.app.changes.waitForNodes(), { seen: 1, live: 1, missing: [] })
  await world.close()
})

test('a node that is cut off is waited for at first, named until its memory has run out, and then honours nothing', {
  skip,
}, async () => {
  const world = await createWorld({ dialect: 'postgres' })
  const url = new URL(world.databaseUrl ?? '')
  const proxy = await openCuttableProxy({ host: url.hostname, port: Number(url.port) })
  url.port = String(proxy.port)
  const far = await openSecondApp(world, url.href)
  const client = await world.makeClient()
  const ask = async () => (await far.app.server.inject(tokenRequest(client, body))).statusCode
  assert.deepEqual(await world.app.changes.waitForNodes(), { seen: 2, live: 2, missing: [] })
  assert.equal(await ask(), 200)
  proxy.cut()
  await disableClient(world.database.db, ofTest(client.clientId), world.clock.now())
  const startedAt = performance.now()
  const first = await world.app.changes.waitForNodes()
  assert.ok(performance.now() - startedAt > 900, 'it was waited for')
  assert.deepEqual([first?.seen, first?.live, first?.missing.length], [1, 2, 1])
  assert.match(first?.missing[0]?.node ?? '', /^node_/)
  assert.equal(await ask(), 200, 'it cannot know')

  world.clock.advance(6000)
  const later = await world.app.changes.waitForNodes()
  assert.deepEqual([later?.seen, later?.live, later?.missing], [1, 1, first?.missing])

  const stopsAt = Date.parse(first?.missing[0]?.stopsAt ?? '')
  world.clock.advance(stopsAt - world.clock.now() - 1)
  assert.equal((await world.app.changes.waitForNodes())?.missing.length, 1)
  assert.equal(await ask(), 503, 'before it was said to')
  world.clock.advance(1)
  assert.deepEqual(await world.app.changes.waitForNodes(), { seen: 1, live: 1, missing: [] })
  proxy.mend()
  assert.equal(await ask(), 401, 'it catches up before it honours anything')
  assert.deepEqual(await world.app.changes.waitForNodes(), { seen: 2, live: 2, missing: [] })
  await far.close()
  await proxy.close()
  await world.close()
})

test('a node that has seen a larger number only is waited for: numbers are committed out of order', {
  skip,
}, async () => {
  const world = await createWorld({ dialect: 'postgres' })
  const { db } = world.database
  const told: string[] = []
  const watch = (id: string) =>
    watchChanges({
      db,
      now: world.clock.now,
      onChange: async (_kind, key) => void (id === 'node_b' && told.push(key)),
      onError: () => undefined,
      node: { id, startedAt: world.clock.now(), staleSeconds: 300 },
    })
  const [a, b] = [await watch('node_a'), await watch('node_b')]
  await db.transaction().execute(async (tx) => {
    await recordChange(tx, 'client', 'slow', 1)
    await recordChange(db, 'client', 'quick', 1)
    await a.waitForNodes()
    assert.ok(told.includes('quick') && !told.includes('slow'))
  })
  assert.deepEqual(await a.waitForNodes(), { seen: 3, live: 3, missing: [] })
  assert.ok(told.includes('slow'))
  await a.stop()
  await b.stop()
  await world.close()
})

test('a database that goes away meanwhile is said, and nodes that died long ago are forgotten', {
  skip,
}, async () => {
  const world = await createWorld({ dialect: 'postgres' })
  const url = new URL(world.databaseUrl ?? '')
  const proxy = await openCuttableProxy({ host: url.hostname, port: Number(url.port) })
  url.port = String(proxy.port)
  const far = await openSecondApp(world, url.href)
  proxy.cut()
  assert.equal(await far.app.changes.waitForNodes(), null)
  await far.close()
  const nodes = async () => (await world.database.db.selectFrom('node').selectAll().execute()).length
  world.clock.advance(47 * 3_600_000)
  await world.app.changes.waitForNodes()
  await world.app.background.run()
  assert.equal(await nodes(), 2)
  world.clock.advance(2 * 3_600_000)
  await world.app.changes.waitForNodes()
  await world.app.background.run()
  assert.equal(await nodes(), 1)
  await proxy.close()
  await world.close()
})
