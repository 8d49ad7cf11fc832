import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createWorld, tokenRequest } from '../testing/world.ts'
import { openClientDirectory } from './directory.ts'
import { hashSecret, makeSecret } from './secret.ts'
import { insertSecret } from './store.ts'

const body = 'grant_type=client_credentials&scope=document_read'

test('a thousand first requests for one client are one load, and all are answered', async () => {
  const world = await createWorld()
  const client = await world.makeClient()
  let loads = 0
  const counted = world.database.db.withPlugin({
    transformQuery: ({ node }) => {
      loads += 1
      return node
    },
    transformResult: async ({ result }) => result,
  })
  const directory = openClientDirectory(counted, world.clock.now, 300)
  const found = await Promise.all(Array.from({ length: 1000 }, () => directory.find(client.clientId)))
  assert.equal(found.filter((entry) => entry?.id === client.clientId).length, 1000)
  assert.equal(loads, 1)
  const answers = await Promise.all(
    Array.from({ length: 1000 }, () => world.inject(tokenRequest(client, body))),
  )
  assert.deepEqual(new Set(answers.map((answer) => answer.statusCode)), new Set([200]))
  await world.close()
})

test('a secret that was added a second ago works: it is read again before any refusal', async () => {
  const world = await createWorld()
  const client = await world.makeClient()
  await world.token(['event'], client)
  const { id, secret, hint } = makeSecret('test')
  const facts = {
    id,
    clientId: client.clientId,
    accountId: 'acme',
    name: 'second',
    hash: hashSecret(world.app.pepper, secret),
    hint,
    expiresAt: null,
  }
  await insertSecret(world.database.db, facts, world.clock.now())
  world.clock.advance(1000)
  for (const clientSecret of [secret, client.clientSecret]) {
    const answer = await world.inject(tokenRequest({ clientId: client.clientId, clientSecret }, body))
    assert.equal(answer.statusCode, 200)
  }
  await world.close()
})

test('a client that was made after its id was refused works a second later', async () => {
  const world = await createWorld()
  const clientId = 'test-quiet-fjord-482'
  const early = await world.inject(tokenRequest({ clientId, clientSecret: 'x' }, body))
  assert.equal(early.statusCode, 401)
  const client = await world.makeClient({ clientId })
  world.clock.advance(1000)
  assert.equal((await world.inject(tokenRequest(client, body))).statusCode, 200)
  await world.close()
})

test('with the database away a warm client is served as long as it was promised, then not', async () => {
  const world = await createWorld()
  const { clientId } = await world.makeClient()
  let away = false
  const failing = world.database.db.withPlugin({
    transformQuery: ({ node }) => {
      if (away) throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
      return node
    },
    transformResult: async ({ result }) => result,
  })
  const directory = openClientDirectory(failing, world.clock.now, 300)
  await directory.find(clientId)
  away = true
  world.clock.advance(299_000)
  assert.equal((await directory.find(clientId))?.id, clientId)
  world.clock.advance(2000)
  await assert.rejects(directory.find(clientId), /ECONNREFUSED/)
  await world.close()
})
