import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dialectsOfRun } from '../testing/database.ts'
import { callerWith, makeOperator } from '../testing/operator.ts'
import { createWorld } from '../testing/world.ts'

const orders = {
  id: 'orders',
  name: 'Orders',
  description: 'What was ordered',
  audiences: { production: 'https://orders.example', test: 'https://test.orders.example' },
  scopes: [
    { name: 'orders_read', description: 'Read', endpoints: ['GET /orders', 'GET /orders/{orderId}'] },
    {
      name: 'orders_all',
      description: 'All',
      endpoints: ['GET /orders', 'POST /orders', 'GET /orders/{orderId}'],
    },
    {
      name: 'orders_admin',
      description: 'Administer',
      access: 'granted',
      endpoints: ['DELETE /orders/{orderId}'],
    },
  ],
}

interface Scope {
  name: string
  available: boolean
  unavailable: { reason: string; detail: string } | null
  endpoints: string[]
}

for (const dialect of dialectsOfRun) {
  test(`${dialect}: each account sees which scopes it may give, in its environment, and why not`, async () => {
    const world = await createWorld({ dialect })
    const { call } = await makeOperator(world)
    await call('POST', '/apis', orders)
    const read = ['account_read']
    const acme = callerWith(world, await world.token(read, { accountId: 'acme' }))
    await call('POST', '/accounts', { id: 'young', name: 'Young' })
    const young = callerWith(world, await world.token(read, { accountId: 'young' }))
    const live = callerWith(world, await world.token(read, { accountId: 'young', environment: 'production' }))
    await call('PUT', '/accounts/acme/scopes/orders_admin')
    const reasons = async (who: typeof acme) => {
      const { items } = (await who('GET', '/scopes?limit=100')).json()
      return Object.fromEntries(
        items.map(({ name, available, unavailable }: Scope) => [name, available || unavailable?.reason]),
      )
    }
    const all = await reasons(acme)
    assert.deepEqual(
      [all.orders_read, all.orders_admin, all.event, all.account_read, all.operator],
      [true, true, true, 'reserved', 'reserved'],
    )
    assert.deepEqual(
      [(await reasons(young)).orders_read, (await reasons(young)).orders_admin],
      [true, 'not_granted'],
    )
    assert.equal((await reasons(live)).event, 'production_not_approved')
    await call('POST', '/accounts/young/approve-production')
    assert.equal((await reasons(live)).event, true)
    const other = await acme('GET', '/scopes?environment=production')
    assert.match(other.json().type, /wrong_environment$/)

    const one = await acme('GET', '/apis/orders')
    assert.equal(one.headers.etag, '"1"')
    const { scopes, resourceServers, ...facts } = one.json()
    assert.deepEqual(facts, {
      id: 'orders',
      name: 'Orders',
      description: 'What was ordered',
      builtIn: false,
      audiences: orders.audiences,
      version: 1,
      createdAt: new Date(world.clock.now()).toISOString(),
    })
    assert.equal(resourceServers, undefined, 'whose clients they are is the business of the operator')
    assert.deepEqual(
      scopes.map(({ name }: Scope) => name),
      ['orders_admin', 'orders_all', 'orders_read'],
    )
    await world.close()
  })
}

test('the endpoints of built-in APIs are those of their routes, each of them', async () => {
  const world = await createWorld()
  const { call } = await makeOperator(world)
  const { items } = (await call('GET', '/scopes?limit=100')).json()
  const found = new Map(items.map(({ name, endpoints }: Scope) => [name, endpoints]))
  assert.deepEqual(found.get('document_read'), [
    'GET /signature/documents',
    'GET /signature/documents/{documentId}',
  ])
  // Every guarded operation of the document is unlocked by exactly the scope that it states.
  const { paths } = (await world.inject({ url: '/openapi.json' })).json()
  let count = 0
  for (const [path, item] of Object.entries<Record<string, { security?: Record<string, string[]>[] }>>(
    paths,
  )) {
    for (const [method, operation] of Object.entries(item)) {
      for (const scope of operation.security?.flatMap((way) => Object.values(way).flat()) ?? []) {
        count += 1
        const endpoints: unknown = found.get(scope)
        assert.ok(Array.isArray(endpoints) && endpoints.includes(`${method.toUpperCase()} ${path}`), path)
      }
    }
  }
  assert.ok(count > 15, `${count} operations`)
  await world.close()
})

test('a question by operation answers the fewest scopes', async () => {
  const world = await createWorld()
  const { call } = await makeOperator(world)
  await call('POST', '/apis', orders)
  const ask = async (...endpoints: string[]) => {
    const query = new URLSearchParams(endpoints.map((endpoint) => ['endpoint', endpoint]))
    const answer = await call('GET', `/scopes?${query}`)
    return answer.statusCode === 200
      ? answer.json().items.map(({ name }: Scope) => name)
      : `${answer.statusCode} ${answer.json().detail}`
  }
  assert.deepEqual(await ask('GET /signature/documents'), ['document_read'])
  assert.deepEqual(await ask('GET /signature/documents/doc_1'), ['document_read'], 'as it is called')
  assert.deepEqual(await ask('GET /orders'), ['orders_read'], 'of equally few the one that unlocks less')
  assert.deepEqual(await ask('GET /orders', 'POST /orders'), ['orders_all'])
  assert.deepEqual(await ask('GET /orders', 'GET /signature/documents'), ['document_read', 'orders_read'])
  assert.deepEqual(await ask('DELETE /orders/7', 'POST /orders', 'GET /orders'), [
    'orders_admin',
    'orders_all',
  ])
  assert.deepEqual(await ask('GET /account/apis'), ['account_read'])
  assert.match(await ask('GET /orders', 'GET /nowhere'), /^404 No scope unlocks operation 2/)
  assert.match(await ask('orders'), /^400 /)
  assert.match(await ask(...Array.from({ length: 11 }, (_, index) => `GET /${index}`)), /^400 /)
  await call('POST', '/apis/orders/scopes/orders_read/deprecate', { note: 'x' })
  assert.deepEqual(await ask('GET /orders'), ['orders_all'], 'rather one that is not deprecated')
  await call('POST', '/apis/orders/scopes/orders_all/retire', {})
  assert.deepEqual(await ask('GET /orders'), ['orders_read'], 'never a retired one')
  await world.close()
})

test('lists are paged in the order of names, and an API can be asked for alone', async () => {
  const world = await createWorld()
  const { call } = await makeOperator(world)
  await call('POST', '/apis', orders)
  const read = async (path: string, member: string) => {
    const names: string[] = []
    let cursor = ''
    do {
      const { items, nextCursor } = (await call('GET', `${path}${cursor}`)).json()
      assert.ok(items.length <= 2)
      names.push(...items.map((item: Record<string, string>) => item[member]))
      cursor = nextCursor === null ? '' : `&cursor=${nextCursor}`
    } while (cursor !== '')
    return names
  }
  assert.deepEqual(await read('/apis?limit=2', 'id'), [
    'account',
    'identification',
    'notification',
    'orders',
    'signature',
  ])
  const scopes = await read('/scopes?limit=2', 'name')
  assert.deepEqual(scopes, scopes.toSorted())
  assert.deepEqual(await read('/scopes?limit=2&api=orders', 'name'), [
    'orders_admin',
    'orders_all',
    'orders_read',
  ])
  assert.match((await call('GET', '/apis?cursor=%2F')).json().type, /invalid_cursor$/)
  assert.match((await call('GET', '/scopes?cursor=QUJD')).json().type, /invalid_cursor$/)
  const { items } = (await call('GET', '/apis')).json()
  assert.deepEqual(
    items.map(({ id, builtIn, scopeCount }: { id: string; builtIn: boolean; scopeCount: number }) => [
      id,
      builtIn,
      scopeCount,
    ]),
    [
      ['account', true, 3],
      ['identification', true, 1],
      ['notification', true, 1],
      ['orders', false, 3],
      ['signature', true, 3],
    ],
  )
  await world.close()
})

test('who may not read the account does not read the catalogue', async () => {
  const world = await createWorld()
  for (const scopes of [['account_write'], ['event']]) {
    const call = callerWith(world, await world.token(scopes))
    for (const path of ['/apis', '/apis/signature', '/scopes'])
      assert.equal((await call('GET', path)).statusCode, 403, path)
  }
  await world.close()
})
