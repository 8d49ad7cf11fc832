// Outsiders see one answer; the account finds the true reason by the request id.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { hashSecret, makeSecret } from '../clients/secret.ts'
import { insertSecret } from '../clients/store.ts'
import { testDialects } from '../testing/database.ts'
import { explain } from '../testing/explain.ts'
import { basic, createWorld, type TestClient, tokenRequest, type World } from '../testing/world.ts'

const form = 'grant_type=client_credentials&scope=event'
const formType = { 'content-type': 'application/x-www-form-urlencoded' }

async function change(world: World, { clientId }: TestClient, set: Record<string, string | number>) {
  await world.database.db.updateTable('client').set(set).where('id', '=', clientId).execute()
  world.app.clients.forget(clientId)
}

async function addSecret(world: World, { clientId }: TestClient, name: string, expiresAt: number | null) {
  const { id, secret, hint } = makeSecret('test')
  const hash = hashSecret(world.app.pepper, secret)
  const facts = { id, clientId, accountId: 'acme', name, hash, hint, expiresAt }
  world.clock.advance(1)
  await insertSecret(world.database.db, facts, world.clock.now())
  return { id, clientId, clientSecret: secret }
}

interface Case {
  cause: string
  present: (world: World, client: TestClient) => Promise<{ clientId: string; clientSecret: string }>
  reason: RegExp
}

const cases: Case[] = [
  {
    cause: 'a secret that expired',
    present: async (world, client) => {
      const second = await addSecret(world, client, 'nightly', world.clock.now() + 1000)
      world.clock.advance(5000)
      return second
    },
    reason: /^It is secret 2 of 2 \(nightly …[\w-]{4}\), expired on 2026-11-24T12:00:\d\dZ\.$/,
  },
  {
    cause: 'a secret that was revoked',
    present: async (world, client) => {
      const second = await addSecret(world, client, 'old', null)
      await world.database.db
        .updateTable('client_secret')
        .set({ revoked_at: world.clock.now() })
        .where('id', '=', second.id)
        .execute()
      return second
    },
    reason: /^It is secret 2 of 2 \(old …[\w-]{4}\), revoked on 2026-11-24T12:00:\d\dZ\.$/,
  },
  {
    cause: 'a line break at the end of the secret',
    present: async (_world, client) => ({ ...client, clientSecret: `${client.clientSecret}\n` }),
    reason: /^There is white space around the secret.* it is secret 1 of 1 \(first …/,
  },
  {
    cause: 'a secret that is cut',
    present: async (_world, client) => ({ ...client, clientSecret: client.clientSecret.slice(0, -3) }),
    reason: /^It begins as secret 1 of 1 \(first\), but characters of it are changed or missing/,
  },
  {
    cause: 'any text',
    present: async (_world, client) => ({ ...client, clientSecret: 'hunter2' }),
    reason: /^It is none of the client's secrets: 1 known, 1 of them live\.$/,
  },
  {
    cause: 'the client id as secret',
    present: async (_world, client) => ({ ...client, clientSecret: client.clientId }),
    reason: /^The client id was sent in place of the secret\. It is none/,
  },
  {
    cause: 'a token as secret',
    present: async (world, client) => ({ ...client, clientSecret: await world.token(['event'], client) }),
    reason: /^An access token or another JWT was sent in place of the secret\. It is none/,
  },
  {
    cause: 'a secret of the other environment',
    present: async (_world, client) => ({ ...client, clientSecret: makeSecret('production').secret }),
    reason: /^It looks like a secret of production, and this client is one of test\. It is none/,
  },
  {
    cause: 'the secret of another client of the account',
    present: async (world, client) => {
      const other = await world.makeClient({ clientId: 'prod-other-one-111', environment: 'production' })
      return { ...client, clientSecret: other.clientSecret }
    },
    reason: /^It is a secret of another client of this account: prod-other-one-111 \(production\)/,
  },
  {
    cause: 'the secret of another account',
    present: async (world, client) => {
      const other = await world.makeClient({ accountId: 'evil' })
      return { ...client, clientSecret: other.clientSecret }
    },
    reason: /^It is none of the client's secrets: 1 known, 1 of them live\.$/,
  },
  {
    cause: 'a client that was disabled',
    present: async (world, client) => {
      await change(world, client, { disabled_at: world.clock.now() })
      return client
    },
    reason: /^The client was disabled or deleted on 2026-11-24T12:00:\d\dZ\./,
  },
  {
    cause: 'a method that is not set up',
    present: async (world, client) => {
      await change(world, client, { authentication_methods: '["private_key_jwt"]' })
      return client
    },
    reason:
      /^The client is not set up for client_secret_basic, by which the request came\. It is set up for private_key_jwt\.$/,
  },
  {
    cause: 'an address that is not allowed',
    present: async (world, client) => {
      await change(world, client, { allowed_networks: '["203.0.113.0/24"]' })
      return client
    },
    reason: /^The address is in none of the networks that the client may call from: 203\.0\.113\.0\/24\.$/,
  },
]

for (const dialect of testDialects) {
  test(`${dialect}: each cause of a refused secret has its reason for the owner, and one answer for outsiders`, async () => {
    const world = await createWorld({ dialect })
    for (const [index, { cause, present, reason }] of cases.entries()) {
      const client = await world.makeClient({ scopes: ['event'] })
      const credentials = await present(world, client)
      // From an address of its own: failures have a limit for each.
      const remoteAddress = `198.51.100.${index}`
      const { answer, entry } = await explain(world, { ...tokenRequest(credentials, form), remoteAddress })
      const nobody = { clientId: 'test-nobody-here-000', clientSecret: 'x' }
      const unknown = await world.inject({ ...tokenRequest(nobody, form), remoteAddress: `192.0.2.${index}` })
      const visible = ({ statusCode, headers, body }: typeof answer) => {
        const { 'request-id': _id, date: _date, ...rest } = headers
        return { statusCode, headers: rest, body }
      }
      assert.deepEqual(visible(answer), visible(unknown), cause)
      assert.deepEqual(
        [entry.accountId, entry.clientId, entry.environment, entry.secretId, entry.error],
        ['acme', client.clientId, 'test', null, 'invalid_client'],
        cause,
      )
      const notProven = 'Whether the request came from the client is not proven. '
      assert.ok(entry.reason?.startsWith(notProven), cause)
      assert.match(entry.reason?.slice(notProven.length) ?? '', reason, cause)
    }
    await world.close()
  })
}

test('an id that nobody has is nobody’s, and what is no id of ours is not kept at all', async () => {
  const world = await createWorld()
  const made = { clientId: 'test-quiet-fjord-482', clientSecret: 'x' }
  const guessed = await explain(world, tokenRequest(made, form))
  assert.deepEqual(
    [guessed.entry.accountId, guessed.entry.clientId, guessed.entry.reason],
    [null, 'test-quiet-fjord-482', 'There is no client with this id.'],
  )
  const other = await explain(world, tokenRequest({ ...made, clientId: 'admin" or 1=1' }, form))
  assert.equal(other.entry.clientId, null)
  await world.close()
})

for (const [what, payload, headers, reason] of [
  ['the broken body of old documentation', 'grant_type=client_credentials\nscope=event', {}, /line break/],
  [
    'a JSON body',
    '{"grant_type":"client_credentials"}',
    { 'content-type': 'application/json' },
    /body is JSON/,
  ],
  ['a parameter sent twice', `${form}&scope=event`, {}, /more than once/],
] as const)
  test(`${what} is found by the owner of the client that the request names`, async () => {
    const world = await createWorld()
    const client = await world.makeClient()
    const { answer, entry } = await explain(world, {
      method: 'POST',
      url: '/oauth/connect/token',
      headers: { authorization: basic(client), ...formType, ...headers },
      payload,
    })
    assert.equal(answer.statusCode, 400)
    assert.deepEqual(
      [entry.accountId, entry.clientId, entry.error],
      ['acme', client.clientId, 'invalid_request'],
    )
    assert.match(entry.reason ?? '', /^Whether the request came from the client is not proven\. /)
    assert.match(entry.reason ?? '', reason)
    await world.close()
  })

for (const dialect of testDialects) {
  test(`${dialect}: a dead token has its reason for the owner of its client, and one answer for its holder`, async () => {
    const world = await createWorld({ dialect })
    const client = await world.makeClient({ scopes: ['event'] })
    const token = await world.token(['event'], client)
    const call = { url: '/notification/events', headers: { authorization: `Bearer ${token}` } }
    assert.equal((await world.inject(call)).statusCode, 200)
    await world.inject({
      method: 'POST',
      url: '/oauth/connect/revocation',
      headers: { authorization: basic(client), ...formType },
      payload: `token=${token}`,
    })
    const revoked = await explain(world, call)
    assert.deepEqual([revoked.entry.accountId, revoked.entry.status], ['acme', 401])
    assert.match(
      revoked.entry.reason ?? '',
      /^This token was revoked on 2026-11-24T12:00:00Z at \/oauth\/connect\/revocation/,
    )

    world.clock.advance(1000)
    const second = await world.token(['event'], client)
    const secondCall = { url: '/notification/events', headers: { authorization: `Bearer ${second}` } }
    world.clock.advance(1000)
    await world.inject({
      method: 'POST',
      url: '/oauth/connect/revocation',
      headers: { authorization: basic(client), ...formType },
      payload: 'all_tokens=true',
    })
    const all = await explain(world, secondCall)
    assert.match(
      all.entry.reason ?? '',
      new RegExp(`^All tokens of the client from before .* were revoked by client ${client.clientId}\\.`),
    )
    assert.equal(all.answer.json().detail, revoked.answer.json().detail)

    await change(world, client, { disabled_at: world.clock.now() })
    const disabled = await explain(world, secondCall)
    assert.match(disabled.entry.reason ?? '', /^The client was disabled or deleted on 2026-11-24T12:00:02Z/)
    assert.equal(disabled.answer.json().detail, revoked.answer.json().detail)
    await world.close()
  })
}
