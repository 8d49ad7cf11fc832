// What a declared set-up says of the catalogue and of what accounts may have, and that the audit trail tells it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dialectsOfRun } from '../testing/database.ts'
import { callerWith } from '../testing/operator.ts'
import { createWorld, type World } from '../testing/world.ts'
import { applySetup } from './apply.ts'
import { parseDeclaredSetup } from './declared-setup.ts'

const secret = 'a'.repeat(43)
const orders = {
  id: 'orders',
  name: 'Orders',
  description: 'What was ordered',
  audiences: { production: 'https://orders.example', test: 'https://test.orders.example' },
  scopes: [
    { name: 'orders_read', description: 'Read', endpoints: ['GET /orders'] },
    { name: 'orders_admin', description: 'Administer', access: 'granted' },
  ],
  resourceServers: ['prod-house-1'],
}
const operator = {
  clientId: 'prod-house-1',
  environment: 'production',
  name: 'Operations',
  scopes: ['account_read', 'operator', 'orders_admin'],
  secrets: [{ name: 'first', secret }],
}
const house = {
  id: 'house',
  name: 'House',
  production: 'approved',
  operator: true,
  scopes: ['orders_admin'],
  clients: [operator],
}

async function apply(world: World, setup: unknown): Promise<void> {
  const context = { pepper: world.app.pepper, nowMs: world.clock.now(), newId: world.newId }
  await applySetup(world.database.db, parseDeclaredSetup(JSON.stringify(setup)), context)
  await world.app.catalogue.reload()
}

async function actions(world: World): Promise<string[]> {
  const rows = await world.database.db
    .selectFrom('audit')
    .selectAll()
    .where('actor_kind', '=', 'command')
    .orderBy('seq')
    .execute()
  return rows.map(
    (row) => `${row.actor_id} ${row.action} ${row.account_id} ${row.environment} ${row.object_version}`,
  )
}

async function everything(world: World) {
  const { db } = world.database
  return Promise.all([
    db.selectFrom('account').selectAll().orderBy('id').execute(),
    db.selectFrom('account_scope').selectAll().orderBy('scope').execute(),
    db.selectFrom('client').selectAll().orderBy('id').execute(),
    db.selectFrom('api').selectAll().orderBy('id').execute(),
    db.selectFrom('scope').selectAll().orderBy('name').execute(),
    db.selectFrom('audit').selectAll().orderBy('seq').execute(),
    db
      .selectFrom('change_log')
      .selectAll()
      .where('kind', 'in', ['client', 'catalogue'])
      .orderBy('seq')
      .execute(),
  ])
}

for (const dialect of dialectsOfRun) {
  test(`${dialect}: an operator is declared, with an API and what it is given, audited once; a second start changes nothing`, async () => {
    const world = await createWorld({ dialect })
    await apply(world, { apis: [orders], accounts: [house] })
    const client = { clientId: operator.clientId, clientSecret: secret }
    const call = callerWith(world, await world.token(['account_read', 'operator'], client))
    const { grantedScopes, operator: operates } = (await call('GET', '')).json()
    assert.deepEqual([grantedScopes, operates], [['orders_admin'], true])
    const api = (await call('GET', '/apis/orders')).json()
    assert.deepEqual([api.description, api.resourceServers], ['What was ordered', ['prod-house-1']])
    assert.deepEqual(
      api.scopes.map((scope: { name: string; access: string; endpoints: string[] }) => [
        scope.name,
        scope.access,
        scope.endpoints,
      ]),
      [
        ['orders_admin', 'granted', []],
        ['orders_read', 'everyone', ['GET /orders']],
      ],
    )
    assert.deepEqual(await actions(world), [
      'apply api.created null null 1',
      'apply account.created house null 1',
      'apply account.scope_granted house null 2',
      'apply client.created house production 1',
      'apply secret.created house production 1',
    ])
    const trail = JSON.stringify(await world.database.db.selectFrom('audit').selectAll().execute())
    assert.ok(!trail.includes(secret))

    const before = await everything(world)
    world.clock.advance(60_000)
    await apply(world, { apis: [orders], accounts: [house] })
    assert.deepEqual(await everything(world), before)
    await world.close()
  })

  test(`${dialect}: what is left out stays as people set it, and each difference has its entry`, async () => {
    const world = await createWorld({ dialect })
    await apply(world, { apis: [orders], accounts: [house] })
    const client = { clientId: operator.clientId, clientSecret: secret }
    const call = callerWith(world, await world.token(['account_read', 'operator'], client))
    await call('POST', '/apis/orders/scopes', { name: 'orders_extra', description: 'x', access: 'granted' })
    await call('PUT', '/accounts/house/scopes/orders_extra')
    await call('POST', '/apis/orders/scopes/orders_admin/retire', { force: true })
    const known = (await actions(world)).length
    const { description: _, resourceServers: __, ...shorter } = orders
    const scopes = [{ name: 'orders_read', description: 'Read all' }]
    await apply(world, {
      apis: [{ ...shorter, scopes }],
      accounts: [
        { id: 'house', name: 'House', scopes: ['orders_admin'], clients: [{ ...operator, name: 'Renamed' }] },
      ],
    })
    const account = (await call('GET', '')).json()
    assert.deepEqual(
      [account.operator, account.production, account.grantedScopes],
      [true, 'approved', ['orders_admin', 'orders_extra']],
    )
    const api = (await call('GET', '/apis/orders')).json()
    assert.deepEqual([api.description, api.resourceServers], ['What was ordered', ['prod-house-1']])
    const read = api.scopes.find((scope: { name: string }) => scope.name === 'orders_read')
    assert.deepEqual([read.description, read.endpoints], ['Read all', ['GET /orders']])
    assert.deepEqual((await actions(world)).slice(known), [
      'apply scope.changed null null 4',
      'apply client.changed house production 2',
    ])
    await world.close()
  })
}

test('what an account or client may not have is said in clear words, and nothing is changed', async () => {
  const world = await createWorld()
  await apply(world, { apis: [orders], accounts: [house] })
  await world.database.db
    .updateTable('scope')
    .set({ retired_at: 1 })
    .where('name', '=', 'orders_read')
    .execute()
  const before = await everything(world)
  const plain = { environment: 'test', name: 'x' }
  const failure = apply(world, {
    apis: [
      { ...orders, resourceServers: ['test-nobody-1'] },
      {
        ...orders,
        id: 'urn',
        audiences: { production: 'https://[', test: 'https://urn.example' },
        scopes: [],
      },
      {
        ...orders,
        id: 'twice',
        audiences: { production: 'https://t.example', test: 'https://t2.example' },
        scopes: [1, 2].map(() => ({ name: 'twice', description: 'x' })),
      },
    ],
    accounts: [
      { ...house, clients: [{ ...plain, clientId: 'test-house-1', scopes: ['operator'] }] },
      {
        id: 'acme',
        name: 'Acme',
        production: 'approved',
        scopes: ['event', 'nothing', 'account_read'],
        clients: [
          { ...plain, clientId: 'test-acme-1', scopes: ['orders_admin', 'account_read', 'account_write'] },
          { ...plain, environment: 'production', clientId: 'prod-acme-1', scopes: ['operator'] },
          { ...plain, clientId: 'test-acme-2', scopes: ['orders_read'] },
        ],
      },
    ],
  })
  const { message } = await failure.then(
    () => new Error('it was applied'),
    (error: Error) => error,
  )
  for (const pattern of [
    /apis orders: the resource server test-nobody-1 is not a client/,
    /apis urn: an audience must be an absolute URI/,
    /apis twice: a scope is named twice/,
    /client test-house-1: the scope operator counts on production clients of the account that runs this service alone/,
    /client prod-acme-1: the scope operator counts on production clients/,
    /account acme: the scope event may be had by every account/,
    /account acme: the scope nothing is unknown/,
    /account acme: the scope account_read is given to single clients/,
    /client test-acme-1: the scope orders_admin is given to single accounts. Name it in "scopes" of the account/,
    /client test-acme-2: the scope orders_read is retired/,
  ])
    assert.match(message, pattern)
  assert.doesNotMatch(message, /test-acme-1: the scope account_/)
  assert.deepEqual(await everything(world), before)
  await world.close()
})
