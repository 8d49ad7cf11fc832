import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDialects } from '../testing/database.ts'
import { createWorld, tokenRequest, type World } from '../testing/world.ts'
import { applySetup } from './apply.ts'
import { parseDeclaredSetup, SetupError } from './declared-setup.ts'

const secret = 'a'.repeat(43)
const orders = {
  id: 'orders',
  name: 'Orders',
  audiences: { production: 'https://orders.example', test: 'https://test.orders.example' },
  scopes: [{ name: 'orders_read', description: 'Read orders' }],
}
const client = {
  clientId: 'test-acme-1',
  environment: 'test',
  name: 'Acme test',
  scopes: ['document_read', 'orders_read'],
  tokenLifetimeSeconds: 600,
  secrets: [{ name: 'first', secret }],
}
const acme = { id: 'acme', name: 'Acme AS', production: 'approved', clients: [client] }

async function apply(world: World, setup: unknown): Promise<void> {
  const context = { pepper: world.app.pepper, nowMs: world.clock.now(), newId: world.newId }
  await applySetup(world.database.db, parseDeclaredSetup(JSON.stringify(setup)), context)
  await world.app.catalogue.reload()
}

function errorsOf(run: () => unknown): string[] {
  try {
    run()
    return []
  } catch (error) {
    assert.ok(error instanceof SetupError)
    return error.errors
  }
}

async function dump(world: World) {
  const { db } = world.database
  return Promise.all([
    db.selectFrom('account').selectAll().orderBy('id').execute(),
    db.selectFrom('client').selectAll().orderBy('id').execute(),
    db.selectFrom('client_secret').selectAll().orderBy('id').execute(),
    db.selectFrom('api').selectAll().orderBy('id').execute(),
    db.selectFrom('scope').selectAll().orderBy('name').execute(),
  ])
}

const request = (clientSecret = secret, scope = 'orders_read') =>
  tokenRequest({ clientId: 'test-acme-1', clientSecret }, `grant_type=client_credentials&scope=${scope}`)

for (const dialect of testDialects) {
  test(`${dialect}: a declared client gets tokens for a declared API, and running it again changes nothing`, async () => {
    const world = await createWorld({ dialect })
    await apply(world, { accounts: [acme], apis: [orders] })
    const answer = await world.inject(request())
    assert.equal(answer.statusCode, 200, answer.body)
    assert.equal(answer.json().expires_in, 600)
    const [, payload = ''] = String(answer.json().access_token).split('.')
    assert.equal(JSON.parse(Buffer.from(payload, 'base64url').toString()).aud, 'https://test.orders.example')
    const before = await dump(world)
    world.clock.advance(60_000)
    await apply(world, { accounts: [acme], apis: [orders] })
    assert.deepEqual(await dump(world), before)
    await world.close()
  })
}

test('what is not named is not touched, and a changed member is brought to its new state', async () => {
  const world = await createWorld()
  await apply(world, { accounts: [acme], apis: [orders] })
  await apply(world, {
    accounts: [
      {
        id: 'acme',
        name: 'Acme Ltd',
        clients: [{ clientId: 'test-acme-1', environment: 'test', name: 'Renamed' }],
      },
    ],
  })
  const [accounts, clients, secrets] = await dump(world)
  assert.deepEqual([accounts[0]?.name, accounts[0]?.production], ['Acme Ltd', 'approved'])
  assert.deepEqual(
    [clients[0]?.name, clients[0]?.scopes, clients[0]?.token_lifetime_seconds, secrets.length],
    ['Renamed', '["document_read","orders_read"]', 600, 1],
  )
  await world.close()
})

test('a revoked secret and a disabled client are never revived', async () => {
  const world = await createWorld()
  await apply(world, { accounts: [acme], apis: [orders] })
  await world.database.db.updateTable('client_secret').set({ revoked_at: world.clock.now() }).execute()
  await world.database.db.updateTable('client').set({ disabled_at: world.clock.now() }).execute()
  await apply(world, { accounts: [{ ...acme, clients: [{ ...client, name: 'Other' }] }], apis: [orders] })
  assert.equal((await world.inject(request())).statusCode, 401)
  await world.database.db.updateTable('client').set({ disabled_at: null }).execute()
  world.clock.advance(2000)
  assert.equal((await world.inject(request())).statusCode, 401, 'the secret stays revoked')
  await world.close()
})

test('what cannot be done is said all at once, and nothing is changed', async () => {
  const world = await createWorld()
  await apply(world, { accounts: [acme], apis: [orders] })
  const before = await dump(world)
  const bad = {
    apis: [
      { ...orders, id: 'copy', scopes: [] },
      { ...orders, id: 'signature' },
      {
        id: 'own',
        name: 'Own',
        audiences: { production: 'https://a.example', test: 'https://a.example' },
        scopes: [
          { name: 'operator', description: 'x' },
          { name: 'orders_read', description: 'x' },
        ],
      },
    ],
    accounts: [
      {
        id: 'other',
        name: 'Other',
        clients: [
          { ...client, name: 'Stolen' },
          { clientId: 'prod-x-1', environment: 'production', name: 'X' },
          { clientId: 'prod-y-1', environment: 'test', name: 'Y' },
        ],
      },
      {
        ...acme,
        clients: [
          { ...client, scopes: ['orders_reed'] },
          { ...client, environment: 'production' },
        ],
      },
    ],
  }
  const failure = await apply(world, bad).then(
    () => undefined,
    (error: unknown) => error,
  )
  assert.ok(failure instanceof SetupError)
  for (const pattern of [
    /apis copy: an audience belongs to the API orders already/,
    /apis signature: this API is built in/,
    /apis own: the audiences of test and production must differ/,
    /apis own: the scope operator is reserved/,
    /apis own: the scope orders_read belongs to the API orders/,
    /client test-acme-1: it belongs to another account/,
    /client prod-x-1: the account other is not approved for production/,
    /client prod-y-1: its id says production, its environment test/,
    /client test-acme-1: the scope orders_reed is unknown. Did you mean orders_read\?/,
    /client test-acme-1: it is a test client, and a client never changes its environment/,
  ])
    assert.match(failure.message, pattern)
  assert.deepEqual(await dump(world), before)
  await world.close()
})

test('two live secrets are the limit', async () => {
  const world = await createWorld()
  await apply(world, {
    accounts: [
      {
        ...acme,
        clients: [
          {
            ...client,
            scopes: [],
            secrets: [
              { name: 'a', secret },
              { name: 'b', secret: 'b'.repeat(43) },
            ],
          },
        ],
      },
    ],
  })
  const third = {
    accounts: [
      { ...acme, clients: [{ ...client, scopes: [], secrets: [{ name: 'c', secret: 'c'.repeat(43) }] }] },
    ],
  }
  await assert.rejects(apply(world, third), /the secret c would be its third live one/)
  await world.close()
})

const withSecret = (value: string) => ({
  accounts: [{ ...acme, clients: [{ ...client, secrets: [{ name: 'first', secret: value }] }] }],
})

for (const [name, setup, pattern] of [
  [
    'a secret that is too short',
    withSecret('canary'),
    /accounts\.0\.clients\.0\.secrets\.0\.secret: a secret has at least 43 characters/,
  ],
  ['a secret with other characters', withSecret(`canary ${secret}`), /a secret has at least 43 characters/],
  ['a secret that looks like ours', withSecret(`lk_canary${secret}`), /does not begin with lk_/],
  [
    'a member without a role',
    { accounts: [{ ...acme, members: [{ email: 'a@b.example', name: 'A' }] }] },
    /required property 'role'/,
  ],
  [
    'a short password',
    {
      accounts: [
        { ...acme, members: [{ email: 'a@b.example', name: 'A', role: 'owner', password: 'short' }] },
      ],
    },
    /password: a password has 12 to 256 characters/,
  ],
  [
    'a member that nobody knows',
    { accounts: [{ ...acme, colour: 'red' }] },
    /accounts\.0: colour is not a member here/,
  ],
  [
    'a lifetime that is too long',
    { accounts: [{ ...acme, clients: [{ ...client, tokenLifetimeSeconds: 86_401 }] }] },
    /accounts\.0\.clients\.0\.tokenLifetimeSeconds: must be <= 86400/,
  ],
] as const) {
  test(`a set-up with ${name} is refused with its place`, () => {
    const errors = errorsOf(() => parseDeclaredSetup(JSON.stringify(setup)))
    assert.match(errors.join('\n'), pattern)
    assert.doesNotMatch(errors.join('\n'), /canary/)
  })
}

test('what is not JSON is refused without repeating it', () => {
  assert.deepEqual(
    errorsOf(() => parseDeclaredSetup('{"secret":"canary')),
    ['the file is not valid JSON.'],
  )
})
