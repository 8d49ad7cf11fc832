import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dialectsOfRun, testDialects } from '../testing/database.ts'
import { callerWith, makeOperator, trailOf } from '../testing/operator.ts'
import { openSecondApp } from '../testing/second-app.ts'
import { createWorld, tokenRequest } from '../testing/world.ts'

const orders = {
  id: 'orders',
  name: 'Orders',
  audiences: { production: 'https://orders.example', test: 'https://test.orders.example' },
  scopes: [
    { name: 'orders_read', description: 'Read orders', endpoints: ['GET /orders', 'GET /orders/{orderId}'] },
    { name: 'orders_admin', description: 'Administer orders', access: 'granted' },
  ],
}
const any = { 'if-match': '*' }

for (const dialect of dialectsOfRun) {
  test(`${dialect}: an operator registers, changes and deletes an API, and the trail says each`, async () => {
    const world = await createWorld({ dialect })
    const { call, client } = await makeOperator(world)
    const key = { 'idempotency-key': 'one' }
    const made = await call('POST', '/apis', orders, key)
    assert.equal(made.statusCode, 201, made.body)
    assert.deepEqual(
      [made.headers.etag, made.headers.location, made.json().builtIn, made.json().resourceServers],
      ['"1"', '/account/apis/orders', false, []],
    )
    const again = await call('POST', '/apis', orders, key)
    assert.deepEqual([again.statusCode, again.headers['idempotency-replayed']], [201, 'true'])
    assert.deepEqual(again.json(), made.json())
    assert.equal((await call('POST', '/apis', orders)).statusCode, 409)

    const reader = await world.makeClient({ scopes: ['event'] })
    const change = { description: 'What was <b>ordered</b>', resourceServers: [reader.clientId] }
    const changed = await call('PATCH', '/apis/orders', change, { 'if-match': '"1"' })
    assert.equal(changed.statusCode, 200, changed.body)
    assert.deepEqual([changed.headers.etag, changed.json().description], ['"2"', change.description])
    // Nothing differs: no new version.
    const same = await call('PATCH', '/apis/orders', change, { 'if-match': '"2"' })
    assert.equal(same.headers.etag, '"2"')
    assert.ok(world.app.catalogue.isResourceServer(reader.clientId))

    const late = await call('PATCH', '/apis/orders', { name: 'Late' }, { 'if-match': '"1"' })
    assert.equal(late.statusCode, 412)
    assert.deepEqual(
      [late.json().version, late.json().changes.length, late.json().changes[0].action],
      [2, 1, 'api.changed'],
    )
    assert.equal(late.json().changes[0].by, `client ${client.clientId}`)

    assert.equal((await call('DELETE', '/apis/orders')).statusCode, 204)
    assert.equal((await call('GET', '/apis/orders')).statusCode, 404)
    const trail = await trailOf(world, 'api', 'orders')
    assert.deepEqual(
      trail.map(({ action, version, accountId, environment, by }) => [
        action,
        version,
        accountId,
        environment,
        by,
      ]),
      [
        ['api.created', 1, 'house', null, client.clientId],
        ['api.changed', 2, 'house', null, client.clientId],
        ['api.deleted', 3, 'house', null, client.clientId],
      ],
    )
    assert.deepEqual(trail[1]?.before, { description: '', resourceServers: [] })
    await world.close()
  })

  test(`${dialect}: what the catalogue cannot become is refused, and nothing is written`, async () => {
    const world = await createWorld({ dialect })
    const { call } = await makeOperator(world)
    assert.equal((await call('POST', '/apis', orders)).statusCode, 201)
    const before = await world.database.db.selectFrom('api').selectAll().orderBy('id').execute()
    const other = {
      id: 'other',
      name: 'Other',
      audiences: { production: 'urn:example:other', test: 'urn:example:other-test' },
    }
    const production = 'https://other.example'
    const at = (audience: string) => ({ ...other, audiences: { production, test: audience } })
    const scope = (name: string) => ({ ...other, scopes: [{ name, description: 'x' }] })
    for (const [name, body, status, text] of [
      ['a fragment', at('https://test.other.example#x'), 400, /audiences\/?\.?test|audiences/],
      ['a relative URI', at('/test'), 400, /audiences/],
      ['an address that is none', at('https://[::'), 422, /absolute URI/],
      ['the same audience twice', at(production), 422, /must differ/],
      ['an audience of another API', at('https://orders.example'), 409, /belongs to the API orders/],
      ['an audience of ours', at(world.url), 409, /belongs to the API/],
      ['the id of a built-in API', { ...other, id: 'signature' }, 409, /./],
      ['a reserved scope', scope('operator'), 422, /reserved/],
      ['a scope of another API', scope('orders_read'), 409, /belongs to the API orders/],
      ['a built-in scope', scope('event'), 409, /belongs to the API notification/],
      ['a scope name in capitals', scope('Orders'), 400, /name/],
      [
        'a scope twice',
        { ...other, scopes: [1, 2].map(() => ({ name: 'twice', description: 'x' })) },
        422,
        /twice/,
      ],
      ['an unknown resource server', { ...other, resourceServers: ['test-nobody-1'] }, 422, /not a client/],
      ['control characters', { ...other, name: 'a\u0007b' }, 400, /name/],
      [
        'an endpoint that is none',
        { ...other, scopes: [{ name: 'x', description: 'x', endpoints: ['/x'] }] },
        400,
        /endpoints/,
      ],
      [
        'reserved access',
        { ...other, scopes: [{ name: 'x', description: 'x', access: 'reserved' }] },
        400,
        /access/,
      ],
      [
        'too many scopes',
        { ...other, scopes: Array.from({ length: 201 }, (_, i) => ({ name: `s${i}`, description: 'x' })) },
        400,
        /scopes/,
      ],
      ['a member that nobody knows', { ...other, builtIn: true }, 400, /builtIn/],
    ] as const) {
      const answer = await call('POST', '/apis', body)
      assert.equal(answer.statusCode, status, `${name}: ${answer.body}`)
      assert.match(answer.json().detail, text, name)
    }
    assert.deepEqual(await world.database.db.selectFrom('api').selectAll().orderBy('id').execute(), before)
    assert.equal((await call('POST', '/apis', other)).statusCode, 201)
    await world.close()
  })

  test(`${dialect}: an API whose scopes clients have cannot be deleted`, async () => {
    const world = await createWorld({ dialect })
    const { call } = await makeOperator(world)
    await call('POST', '/apis', orders)
    await call('PUT', '/accounts/house/scopes/orders_admin')
    const client = await world.makeClient({ scopes: ['orders_read', 'event'] })
    const refused = await call('DELETE', '/apis/orders')
    assert.deepEqual(
      [refused.statusCode, refused.json().clients, refused.json().accounts],
      [409, 1, 1],
      refused.body,
    )
    await world.database.db
      .updateTable('client')
      .set({ scopes: '["orders_reader","event"]' })
      .where('id', '=', client.clientId)
      .execute()
    assert.equal((await call('DELETE', '/apis/orders', undefined, { 'if-match': '"7"' })).statusCode, 412)
    assert.equal((await call('DELETE', '/apis/orders')).statusCode, 204)
    assert.deepEqual(world.app.catalogue.find('orders_read'), undefined)
    const { grantedScopes, version } = (await call('GET', '/accounts/house')).json()
    assert.deepEqual([grantedScopes, version], [[], 3])
    await world.close()
  })
}

test('what is missing, built in, or not based on a state is refused in its own way', async () => {
  const world = await createWorld()
  const { call } = await makeOperator(world)
  await call('POST', '/apis', orders)
  for (const [method, path, body, headers, status] of [
    ['PATCH', '/apis/orders', { name: 'x' }, {}, 428],
    ['PATCH', '/apis/orders', { name: 'x' }, { 'if-match': 'x' }, 400],
    ['PATCH', '/apis/orders', {}, any, 400],
    ['PATCH', '/apis/orders', { id: 'x' }, any, 400],
    ['PATCH', '/apis/nothing', { name: 'x' }, any, 404],
    ['PATCH', '/apis/signature', { name: 'x' }, any, 409],
    ['PATCH', '/apis/account', { name: 'x' }, any, 409],
    ['PATCH', '/apis/NOT%00AN-ID', { name: 'x' }, any, 400],
    ['DELETE', '/apis/nothing', undefined, {}, 404],
    ['DELETE', '/apis/notification', undefined, {}, 409],
    ['GET', '/apis/nothing', undefined, {}, 404],
  ] as const) {
    const answer = await call(method, path, body, headers)
    assert.equal(answer.statusCode, status, `${method} ${path}: ${answer.body}`)
  }
  await world.close()
})

test('nobody but an operator writes the catalogue', async () => {
  const world = await createWorld()
  const manage = ['account_read', 'account_write']
  const ordinary = callerWith(world, await world.token(manage, { environment: 'production' }))
  const test = { scopes: ['operator'], accountId: 'house', operator: true }
  const inTest = callerWith(world, await world.token(['operator'], test))
  for (const call of [ordinary, inTest]) {
    for (const [method, path, body] of [
      ['POST', '/apis', orders],
      ['PATCH', '/apis/orders', { name: 'x' }],
      ['DELETE', '/apis/orders', undefined],
      ['POST', '/apis/orders/scopes', orders.scopes[0]],
      ['PATCH', '/apis/orders/scopes/orders_read', { description: 'x' }],
      ['POST', '/apis/orders/scopes/orders_read/deprecate', { note: 'x' }],
      ['POST', '/apis/orders/scopes/orders_read/retire', {}],
      ['POST', '/apis/orders/scopes/orders_read/restore', undefined],
    ] as const)
      assert.equal((await call(method, path, body, any)).statusCode, 403, `${method} ${path}`)
  }
  await world.close()
})

test('two at once cannot register the same audience', async () => {
  for (const dialect of dialectsOfRun) {
    const world = await createWorld({ dialect })
    const { call } = await makeOperator(world)
    const statuses = await Promise.all(
      [1, 2, 3, 4].map(async (number) => {
        const audiences = { production: `https://p${number}.example`, test: 'https://shared.example' }
        return (await call('POST', '/apis', { id: `api-${number}`, name: 'x', audiences })).statusCode
      }),
    )
    assert.deepEqual(statuses.toSorted(), [201, 409, 409, 409], dialect)
    await world.close()
  }
})

const skip = !testDialects.includes('postgres') && 'PostgreSQL is not here'

test('a change of the catalogue is seen on another node within a second', { skip }, async () => {
  const world = await createWorld({ dialect: 'postgres' })
  const second = await openSecondApp(world)
  const { call } = await makeOperator(world)
  const client = await world.makeClient({ scopes: ['orders_read'] })
  const form = tokenRequest(client, 'grant_type=client_credentials&scope=orders_read')
  const ask = () => second.app.server.inject(form)
  assert.match((await ask()).json().error_description, /^Unknown scope/)
  await call('POST', '/apis', orders)
  const startedAt = performance.now()
  while ((await ask()).statusCode !== 200) assert.ok(performance.now() - startedAt < 5000)
  const retired = await call('POST', '/apis/orders/scopes/orders_read/retire', { force: true })
  assert.equal(retired.statusCode, 200, retired.body)
  assert.deepEqual(retired.json().effectiveOn, { seen: 2, live: 2, missing: [] })
  assert.equal((await ask()).json().error, 'invalid_scope')
  await second.close()
  await world.close()
})
