// jwks_uri (RFC 7591 §2): keys that clients publish, fetched in the background.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { test } from 'node:test'
import { type AssertionKey, assertionClaims, assertionForm, makeAssertionKey } from '../testing/assertions.ts'
import { dialectsOfRun } from '../testing/database.ts'
import { listenLocally } from '../testing/listen.ts'
import { openSecondApp } from '../testing/second-app.ts'
import { untilTrue } from '../testing/until.ts'
import { createWorld, type World } from '../testing/world.ts'
import { findClient } from './store.ts'

interface KeyServer {
  uri: string
  requests: () => number
  publish: (...keys: readonly AssertionKey[]) => void
  answer: (status: number, body: string) => void
  /** Answers nothing from now on. */
  hang: () => void
  close: () => void
}

async function serveKeys(...keys: readonly AssertionKey[]): Promise<KeyServer> {
  const setOf = (published: readonly AssertionKey[]) =>
    JSON.stringify({ keys: published.map(({ jwk }) => jwk) })
  let [status, body, requests, hangs] = [200, setOf(keys), 0, false]
  const server = createServer((_request, response) => {
    requests += 1
    if (!hangs) response.writeHead(status).end(body)
  })
  const port = await listenLocally(server)
  return {
    uri: `http://127.0.0.1:${port}/jwks`,
    requests: () => requests,
    publish: (...published) => {
      ;[status, body] = [200, setOf(published)]
    },
    answer: (...other) => {
      ;[status, body] = other
    },
    hang: () => {
      hangs = true
    },
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

function send(world: World, clientId: string, key: AssertionKey, server = world.app.server) {
  const claims = assertionClaims(clientId, `${world.url}/oauth`, world.clock.now())
  return server.inject({
    method: 'POST',
    url: '/oauth/connect/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: assertionForm(key.sign({}, claims)),
  })
}

const makeClient = (world: World, jwksUri: string) =>
  world.makeClient({ set: { authenticationMethods: ['private_key_jwt'], jwksUri } })

const fetchedAt = async (world: World, clientId: string) =>
  (await findClient(world.database.db, clientId))?.fetchedKeys?.fetchedAt

for (const dialect of dialectsOfRun) {
  test(`${dialect}: published keys are fetched ahead, kept in the database, and serve on every node`, async () => {
    const [first, second] = [makeAssertionKey('ES256', 'first'), makeAssertionKey('ES256', 'second')]
    const keys = await serveKeys(first)
    const world = await createWorld({ dialect })
    const { clientId } = await makeClient(world, keys.uri)
    await world.app.publishedKeys.refreshDue()
    assert.equal((await send(world, clientId, first)).statusCode, 200)
    assert.equal(keys.requests(), 1)
    if (dialect === 'postgres') {
      const node = await openSecondApp(world)
      keys.hang()
      assert.equal((await send(world, clientId, first, node.app.server)).statusCode, 200)
      assert.equal(keys.requests(), 1, 'the second node asks nobody')
      await node.close()
    } else {
      // A new key: refused once, fetched behind the refusal, then good.
      keys.publish(first, second)
      world.clock.advance(60_000)
      assert.equal((await send(world, clientId, second)).statusCode, 401)
      await untilTrue(async () => (await fetchedAt(world, clientId)) === world.clock.now(), 'fetch')
      world.app.clients.forget(clientId)
      assert.equal((await send(world, clientId, second)).statusCode, 200)
    }
    keys.close()
    await world.close()
  })
}

test('no token request waits for a fetch, also when the address hangs', async () => {
  const key = makeAssertionKey('ES256', 'one')
  const keys = await serveKeys(key)
  keys.hang()
  const world = await createWorld()
  const { clientId } = await makeClient(world, keys.uri)
  // Nothing is known yet: the refusal comes while the fetch is still open.
  assert.equal((await send(world, clientId, key)).statusCode, 401)
  await untilTrue(() => keys.requests() === 1, 'first fetch')
  keys.close()
  await world.close()
})

test('unknown keys cause one fetch in 30 s for a client, however many come', async () => {
  const key = makeAssertionKey('ES256', 'one')
  const keys = await serveKeys(key)
  const world = await createWorld()
  const { clientId } = await makeClient(world, keys.uri)
  await world.app.publishedKeys.refreshDue()
  const forge = () => send(world, clientId, makeAssertionKey('ES256', 'forged'))
  world.clock.advance(31_000)
  for (let round = 1; round <= 2; round += 1) {
    await Promise.all(Array.from({ length: 20 }, forge))
    await untilTrue(() => keys.requests() === 1 + round, `fetch after round ${round}`)
    world.clock.advance(29_000)
    await forge()
    assert.equal(keys.requests(), 1 + round)
    world.clock.advance(2000)
  }
  keys.close()
  await world.close()
})

test('expired or misaddressed assertions of a known key cause no fetch', async () => {
  const key = makeAssertionKey('ES256', 'one')
  const keys = await serveKeys(key)
  const world = await createWorld()
  const { clientId } = await makeClient(world, keys.uri)
  await world.app.publishedKeys.refreshDue()
  world.clock.advance(60_000)
  const claims = assertionClaims(clientId, 'https://other.example', world.clock.now())
  const payload = assertionForm(key.sign({}, claims))
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const answer = await world.inject({ method: 'POST', url: '/oauth/connect/token', headers, payload })
  assert.deepEqual([answer.statusCode, keys.requests()], [401, 1])
  keys.close()
  await world.close()
})

for (const [what, status, body] of [
  ['500', 500, ''],
  ['what is no JSON', 200, '<html>'],
  ['a list', 200, '[]'],
  ['an empty set', 200, '{"keys":[]}'],
  ['keys that are none', 200, '{"keys":[1,{"kty":"EC"}]}'],
] as const) {
  test(`an address that answers ${what} keeps the last keys for 24 h`, async () => {
    const lines: string[] = []
    const key = makeAssertionKey('ES256', 'one')
    const keys = await serveKeys(key)
    const world = await createWorld({ onLogLine: (line) => lines.push(line) })
    const { clientId } = await makeClient(world, keys.uri)
    await world.app.publishedKeys.refreshDue()
    keys.answer(status, body)
    world.clock.advance(24 * 3_600_000 - 1000)
    await world.app.publishedKeys.refreshDue()
    assert.ok(lines.some((line) => line.includes('could not be fetched')))
    assert.equal((await send(world, clientId, key)).statusCode, 200)
    world.clock.advance(2000)
    assert.equal((await send(world, clientId, key)).statusCode, 401)
    keys.publish(key)
    world.clock.advance(600_000)
    await world.app.publishedKeys.refreshDue()
    world.app.clients.forget(clientId)
    assert.equal((await send(world, clientId, key)).statusCode, 200)
    keys.close()
    await world.close()
  })
}

test('private members that a client publishes by mistake are not kept', async () => {
  const [key, leaked] = [makeAssertionKey('ES256', 'one'), makeAssertionKey('ES256', 'two')]
  const keys = await serveKeys()
  keys.answer(200, JSON.stringify({ keys: [key.jwk, leaked.privateKey.export({ format: 'jwk' })] }))
  const world = await createWorld()
  const { clientId } = await makeClient(world, keys.uri)
  await world.app.publishedKeys.refreshDue()
  const client = await findClient(world.database.db, clientId)
  assert.deepEqual(client?.fetchedKeys?.jwks, { keys: [key.jwk] })
  keys.close()
  await world.close()
})

test('in earnest an address of this machine is not fetched', async () => {
  const keys = await serveKeys(makeAssertionKey())
  const world = await createWorld({ outbound: {} })
  const { clientId } = await makeClient(world, keys.uri)
  await world.app.publishedKeys.refreshDue()
  assert.deepEqual([keys.requests(), await fetchedAt(world, clientId)], [0, undefined])
  keys.close()
  await world.close()
})
