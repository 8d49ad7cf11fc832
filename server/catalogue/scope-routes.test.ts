import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dialectsOfRun } from '../testing/database.ts'
import { makeOperator, trailOf } from '../testing/operator.ts'
import { createWorld, tokenRequest, type World } from '../testing/world.ts'

const orders = {
  id: 'orders',
  name: 'Orders',
  audiences: { production: 'https://orders.example', test: 'https://test.orders.example' },
  scopes: [{ name: 'orders_read', description: 'Read orders' }],
}
const any = { 'if-match': '*' }
const scope = '/apis/orders/scopes/orders_read'
const form = 'grant_type=client_credentials&scope=orders_read'

async function openOrders(options: Parameters<typeof createWorld>[0] = {}) {
  const world = await createWorld(options)
  const { call } = await makeOperator(world)
  assert.equal((await call('POST', '/apis', orders)).statusCode, 201)
  return { world, call }
}

async function audience(world: World, body: string): Promise<unknown> {
  const metadata = await world.inject({ url: '/.well-known/oauth-authorization-server/oauth' })
  const page = await world.inject({ url: '/docs/scopes' })
  return [metadata.json().scopes_supported.includes(body), page.body.includes(body)]
}

for (const dialect of dialectsOfRun) {
  test(`${dialect}: a scope is added, changed, deprecated, retired and restored; tokens and docs follow`, async () => {
    const lines: string[] = []
    const { world, call } = await openOrders({ dialect, onLogLine: (line) => lines.push(line) })
    const added = await call('POST', '/apis/orders/scopes', {
      name: 'orders_write',
      description: 'Write orders',
      endpoints: ['POST /orders'],
    })
    assert.deepEqual([added.statusCode, added.headers.etag], [201, '"2"'], added.body)
    const changed = await call('PATCH', scope, { endpoints: ['GET /orders'] }, { 'if-match': '"2"' })
    assert.deepEqual([changed.statusCode, changed.headers.etag], [200, '"3"'], changed.body)
    assert.deepEqual(changed.json().endpoints, ['GET /orders'])
    const late = await call('PATCH', scope, { description: 'x' }, { 'if-match': '"2"' })
    assert.deepEqual(
      [late.statusCode, late.json().changes[0].action, late.json().changes[0].after],
      [412, 'scope.changed', { scope: 'orders_read', endpoints: ['GET /orders'] }],
    )

    const client = await world.makeClient({ scopes: ['orders_read'] })
    const ask = () => world.inject(tokenRequest(client, form))
    assert.equal((await ask()).statusCode, 200)
    const deprecated = await call('POST', `${scope}/deprecate`, { note: 'Use orders_list "för" nu.' })
    assert.equal(deprecated.json().deprecatedAt, new Date(world.clock.now()).toISOString())
    assert.equal(deprecated.json().unavailable.reason, 'deprecated')
    const logged = () => lines.filter((line) => line.includes('scope that is deprecated')).length
    const before = logged()
    assert.equal((await ask()).statusCode, 200, 'who has it goes on')
    assert.equal(logged(), before + 1)
    assert.deepEqual(await audience(world, 'orders_read'), [true, true])

    const refused = await call('POST', `${scope}/retire`, {})
    assert.deepEqual(
      [refused.statusCode, refused.json().clients, refused.json().accounts],
      [409, 1, 1],
      refused.body,
    )
    assert.equal((await ask()).statusCode, 200)
    const retired = await call('POST', `${scope}/retire`, { force: true })
    const { clients, accounts, effectiveOn, available, unavailable } = retired.json()
    assert.deepEqual([retired.statusCode, clients, accounts, available], [200, 1, 1, false], retired.body)
    assert.deepEqual(effectiveOn, { seen: 1, live: 1, missing: [] })
    assert.match(unavailable.detail, /retired.*Use orders_list "för" nu\.$/)
    const answer = (await ask()).json()
    assert.equal(answer.error, 'invalid_scope')
    // RFC 6749 §5.2: neither quotes nor letters beyond ASCII.
    assert.equal(
      answer.error_description,
      "The scope orders_read is retired: no token has it any more. Use orders_list 'for' nu.",
    )
    assert.deepEqual(await audience(world, 'orders_read'), [false, false])
    const picked = await call('GET', '/scopes?available=true&api=orders')
    assert.deepEqual(
      picked.json().items.map(({ name }: { name: string }) => name),
      ['orders_write'],
    )
    // Again: nothing changes.
    assert.equal((await call('POST', `${scope}/retire`, {})).headers.etag, retired.headers.etag)

    const restored = await call('POST', `${scope}/restore`)
    assert.deepEqual(
      [restored.json().retiredAt, restored.json().deprecatedAt, restored.json().available],
      [null, null, true],
    )
    assert.equal((await ask()).statusCode, 200)
    assert.deepEqual(
      (await trailOf(world, 'api', 'orders')).map(({ action, version }) => `${version} ${action}`),
      [
        '1 api.created',
        '2 scope.created',
        '3 scope.changed',
        '4 scope.deprecated',
        '5 scope.retired',
        '6 scope.restored',
      ],
    )
    await world.close()
  })

  test(`${dialect}: a scope that becomes granted stays with the accounts whose clients have it`, async () => {
    const { world, call } = await openOrders({ dialect })
    await world.makeClient({ scopes: ['orders_read'] })
    await world.makeClient({ scopes: ['orders_read'] })
    await world.makeClient({ scopes: ['event'], accountId: 'other' })
    const narrowed = await call('PATCH', scope, { access: 'granted' }, any)
    assert.deepEqual([narrowed.statusCode, narrowed.json().accountsGranted], [200, 1], narrowed.body)
    const grants = async (id: string) => (await call('GET', `/accounts/${id}`)).json().grantedScopes
    assert.deepEqual([await grants('acme'), await grants('other')], [['orders_read'], []])
    assert.deepEqual(
      (await trailOf(world, 'account', 'acme')).map(({ action, after }) => [action, after]),
      [['account.scope_granted', { scope: 'orders_read' }]],
    )
    await world.close()
  })
}

test('what is missing, built in, or not based on a state is refused in its own way', async () => {
  const { world, call } = await openOrders()
  const built = '/apis/notification/scopes/event'
  for (const [method, path, body, headers, status] of [
    ['POST', '/apis/nothing/scopes', { name: 'x', description: 'x' }, {}, 404],
    ['POST', '/apis/notification/scopes', { name: 'x', description: 'x' }, {}, 409],
    ['POST', '/apis/orders/scopes', { name: 'orders_read', description: 'x' }, {}, 409],
    ['POST', '/apis/orders/scopes', { name: 'event', description: 'x' }, {}, 409],
    ['POST', '/apis/orders/scopes', { name: 'account_read', description: 'x' }, {}, 422],
    ['POST', '/apis/orders/scopes', { name: 'x' }, {}, 400],
    ['PATCH', scope, { description: 'x' }, {}, 428],
    ['PATCH', scope, {}, any, 400],
    ['PATCH', scope, { name: 'x' }, any, 400],
    ['PATCH', scope, { access: 'reserved' }, any, 400],
    ['PATCH', '/apis/orders/scopes/nothing', { description: 'x' }, any, 404],
    ['PATCH', '/apis/orders/scopes/event', { description: 'x' }, any, 404],
    ['PATCH', built, { description: 'x' }, any, 409],
    ['POST', `${scope}/deprecate`, {}, {}, 400],
    ['POST', `${scope}/deprecate`, { note: 'x', at: 'tomorrow' }, {}, 400],
    ['POST', `${scope}/deprecate`, { note: 'x', at: '2026-11-24T12:00:00+01:00' }, {}, 400],
    ['POST', `${scope}/deprecate`, { note: 'x' }, { 'if-match': '"9"' }, 412],
    ['POST', `${built}/deprecate`, { note: 'x' }, {}, 409],
    ['POST', `${scope}/retire`, { force: 'yes' }, {}, 400],
    ['POST', `${scope}/retire`, {}, { 'if-match': '"9"' }, 412],
    ['POST', `${built}/retire`, { force: true }, {}, 409],
    ['POST', '/apis/orders/scopes/nothing/retire', {}, {}, 404],
    ['POST', `${built}/restore`, undefined, {}, 409],
    ['POST', '/apis/orders/scopes/nothing/restore', undefined, {}, 404],
  ] as const) {
    const answer = await call(method, path, body, headers)
    assert.equal(answer.statusCode, status, `${method} ${path} ${JSON.stringify(body)}: ${answer.body}`)
  }
  assert.equal((await call('GET', '/apis/orders')).headers.etag, '"1"', 'nothing was changed')
  await world.close()
})

test('a deprecation can be announced for later, and the log is silent until then', async () => {
  const lines: string[] = []
  const { world, call } = await openOrders({ onLogLine: (line) => lines.push(line) })
  const at = new Date(world.clock.now() + 86_400_000).toISOString()
  assert.equal((await call('POST', `${scope}/deprecate`, { note: 'x', at })).json().deprecatedAt, at)
  const client = await world.makeClient({ scopes: ['orders_read'] })
  const logged = () => lines.filter((line) => line.includes('scope that is deprecated')).length
  assert.equal((await world.inject(tokenRequest(client, form))).statusCode, 200)
  assert.equal(logged(), 0)
  world.clock.advance(86_400_000)
  assert.equal((await world.inject(tokenRequest(client, form))).statusCode, 200)
  assert.equal(logged(), 1)
  await world.close()
})

test('a retired scope is no suggestion, and an API has 200 scopes at most', async () => {
  const { world, call } = await openOrders()
  const client = await world.makeClient({ scopes: ['event'] })
  const ask = async (name: string) => {
    const answer = await world.inject(tokenRequest(client, `grant_type=client_credentials&scope=${name}`))
    return answer.json().error_description
  }
  assert.match(await ask('orders_reed'), /Did you mean orders_read\?/)
  await call('POST', `${scope}/retire`, {})
  assert.doesNotMatch(await ask('orders_reed'), /Did you mean orders_read/)
  assert.doesNotMatch(await ask('operatr'), /operator/)

  const many = Array.from({ length: 199 }, (_, index) => ({ name: `many_${index}`, description: 'x' }))
  const audiences = { production: 'https://many.example', test: 'https://test.many.example' }
  assert.equal(
    (await call('POST', '/apis', { id: 'many', name: 'x', audiences, scopes: many })).statusCode,
    201,
  )
  const more = (name: string) => call('POST', '/apis/many/scopes', { name, description: 'x' })
  assert.equal((await more('one_more')).statusCode, 201)
  const full = await more('too_many')
  assert.deepEqual([full.statusCode, /200 scopes at most/.test(full.json().detail)], [409, true])
  await world.close()
})

test('what people wrote is shown as text on the scopes page', async () => {
  const { world, call } = await openOrders()
  const markup = '<script>alert(1)</script>"\'&'
  await call('PATCH', '/apis/orders', { name: `N${markup}` }, any)
  await call(
    'PATCH',
    scope,
    { description: `D${markup}`, access: 'granted', endpoints: ["GET /o'r&der"] },
    any,
  )
  await call('POST', `${scope}/deprecate`, { note: `T${markup}` })
  const page = (await world.inject({ url: '/docs/scopes' })).body
  assert.doesNotMatch(page, /<script/)
  const escaped = '&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;'
  for (const text of [`N${escaped}`, `D${escaped}`, `T${escaped}`, 'GET /o&#39;r&amp;der', 'Deprecated'])
    assert.ok(page.includes(text), text)
  assert.ok(page.includes('the accounts that the operator gives it'))
  assert.ok(
    page.includes('<code>GET /signature/documents</code>'),
    'those of built-in APIs come from the routes',
  )
  assert.ok(!page.includes('id="account_read"'))
  await world.close()
})
