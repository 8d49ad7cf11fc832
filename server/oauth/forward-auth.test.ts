// Which calls may pass, and what an attacker in front of the proxy would try.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { request } from 'node:http'
import { after, before, test } from 'node:test'
import {
  asked,
  bearer,
  createAsk,
  openForwardAuthWorld,
  productionApi,
  proxy,
  settings,
  testApi,
} from '../testing/forward-auth-requests.ts'
import { ordersScopes, registerOrders } from '../testing/orders-api.ts'
import { type TestClient, tokenRequest, type World } from '../testing/world.ts'

let world: World
let client: TestClient
let token: string
before(async () => {
  world = await openForwardAuthWorld()
  await world.listen()
  client = await world.makeClient({ scopes: [...ordersScopes, 'event'] })
  token = await world.token(['orders_read', 'event'], client)
})
after(() => world.close())

const ask = createAsk(() => world)

test('the right token passes, and the answer says who calls', async () => {
  const answer = await ask(bearer(token))
  assert.deepEqual([answer.statusCode, answer.body], [200, ''])
  const { headers } = answer
  assert.equal(headers['latchkey-client-id'], client.clientId)
  assert.equal(headers['latchkey-account-id'], 'acme')
  assert.equal(headers['latchkey-environment'], 'test')
  assert.equal(headers['latchkey-scopes'], 'event orders_read')
  assert.match(String(headers['latchkey-token-id']), /^[0-9a-f-]{36}$/)
  assert.equal(headers['cache-control'], 'no-store')
})

for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const) {
  test(`a proxy may ask with ${method}, whatever the type of the body`, async () => {
    const headers = { ...bearer(token), 'content-type': 'application/xml' }
    const body = method === 'GET' || method === 'HEAD' ? {} : { payload: '<a/>' }
    const answer = await world.inject({ url: asked(), method, headers, remoteAddress: proxy, ...body })
    assert.equal(answer.statusCode, 200)
    const refused = await world.inject({ url: asked(), method, remoteAddress: proxy, ...body })
    assert.equal(refused.statusCode, 401)
  })
}

for (const [name, make, status, code] of [
  ['no token', async () => ({}), 401, undefined],
  ['a broken token', async () => bearer('a.b.c'), 401, 'invalid_token'],
  [
    'another scope',
    async () => bearer(await world.token(['orders_write'], client)),
    403,
    'insufficient_scope',
  ],
  ['a token of another API', async () => bearer(await world.token(['event'], client)), 401, 'invalid_token'],
  [
    'a production token',
    async () => bearer(await world.token(['orders_read'], { environment: 'production' })),
    401,
    'invalid_token',
  ],
  [
    'two Authorization headers',
    async () => ({ authorization: [`Bearer ${token}`, `Bearer ${token}`] }),
    401,
    'invalid_request',
  ],
  ['the secret of a client', async () => bearer(client.clientSecret), 401, 'invalid_token'],
  ['client credentials', async () => ({ authorization: 'Basic dGVzdDp4' }), 401, 'invalid_token'],
] as const) {
  test(`${name} answers ${status} with the challenge, and with the problem in body and header`, async () => {
    const answer = await ask(await make())
    assert.equal(answer.statusCode, status, answer.body)
    assert.equal(answer.headers['content-type'], 'application/problem+json')
    assert.match(String(answer.headers['www-authenticate']), /^Bearer realm="/)
    assert.equal(/error="(\w+)"/.exec(String(answer.headers['www-authenticate']))?.[1], code)
    assert.equal(answer.json().status, status)
    assert.deepEqual(JSON.parse(String(answer.headers['latchkey-problem'])), answer.json())
    assert.equal(answer.headers['latchkey-client-id'], undefined)
  })
}

test('the audience must be exactly the resource', async () => {
  const production = await world.token(['orders_read'], { environment: 'production' })
  assert.equal((await ask(bearer(production), { url: asked(productionApi) })).statusCode, 200)
  assert.equal((await ask(bearer(token), { url: asked(productionApi) })).statusCode, 401)
})

for (const [name, query] of [
  ['no parameter', ''],
  ['no resource', '?scope=orders_read'],
  ['an empty resource', '?resource=&scope=orders_read'],
  ['no scope', `?resource=${testApi}`],
  ['an empty scope', `?resource=${testApi}&scope=`],
  ['two resources', `?resource=${testApi}&resource=${productionApi}&scope=orders_read`],
  ['two equal resources', `?resource=${testApi}&resource=${testApi}&scope=orders_read`],
  ['two scopes', `?resource=${testApi}&scope=orders_read&scope=event`],
  ['a scope of the caller behind it', `?resource=${testApi}&scope=orders_write&scope=orders_read`],
  ['a resource[] of a caller', `?resource=${testApi}&scope=orders_read&resource[]=x`],
  ['a query of a caller', `?resource=${testApi}&scope=orders_read&limit=2`],
  ['an unknown resource', '?resource=https://bills.example&scope=orders_read'],
  ['the resource with a slash', `?resource=${testApi}/&scope=orders_read`],
  ['the resource in capitals', `?resource=${testApi.toUpperCase()}&scope=orders_read`],
  [
    'the resource encoded twice',
    `?resource=${encodeURIComponent(encodeURIComponent(testApi))}&scope=orders_read`,
  ],
  ['a scope of another API', `?resource=${testApi}&scope=event`],
  ['an unknown scope', `?resource=${testApi}&scope=orders`],
  ['two scopes in one', `?resource=${testApi}&scope=orders_read+orders_write`],
  ['an origin with a path', `?resource=${testApi}&scope=orders_read&origin=https://orders.example/x`],
  ['a broken escape', '?resource=%zz&scope=orders_read'],
] as const) {
  test(`${name} answers 400 and tells the operator what to mend, also with the right token`, async () => {
    for (const headers of [{}, bearer(token)]) {
      const answer = await ask(headers, { url: `/oauth/forward-auth${query}` })
      assert.equal(answer.statusCode, 400, answer.body)
      assert.match(answer.json().detail, /^The proxy asks wrongly\. .+ See \/docs\/protect-your-own-api\.$/)
      assert.equal(answer.headers['latchkey-client-id'], undefined)
    }
  })
}

// Envoy puts a prefix in front of the caller's own path and query.
for (const [name, rest, expected] of [
  ['a plain path', '/orders/1', 200],
  ['nothing but a slash', '/', 200],
  ['parameters named as ours', '/orders?resource=x&scope=orders_write', 200],
  ['a path that climbs', '/../../../https%3A%2F%2Forders.example/orders_read/x', 200],
  ['encoded slashes', '/%2e%2e%2f%2e%2e%2fx', 200],
  ['a path that is no UTF-8', '/%ff', 400],
] as const) {
  test(`in front of a caller's path, ${name} changes neither resource nor scope`, async () => {
    const status = async (scope: string) => {
      const path = `/oauth/forward-auth/${encodeURIComponent(testApi)}/${scope}${rest}`
      // Over a connection: what calls the server as a function would tidy the path up.
      const sent = request({
        host: '127.0.0.1',
        port: new URL(world.url).port,
        path,
        headers: bearer(token),
      }).end()
      const [answer] = await once(sent, 'response')
      answer.resume()
      return answer.statusCode
    }
    assert.deepEqual(
      [await status('orders_read'), await status('orders_write')],
      expected === 200 ? [200, 403] : [400, 400],
    )
  })
}

// The address of the caller is what the trusted proxy says, and from nobody else.
for (const [name, from, forwarded, status] of [
  ['in the list', proxy, '192.0.2.7', 200],
  ['outside it', proxy, '198.51.100.7', 403],
  ['outside it who claims one inside', proxy, '192.0.2.7, 198.51.100.7', 403],
  ['who asks past the proxy', '198.51.100.7', '192.0.2.7', 403],
  ['who asks past the proxy from inside', '192.0.2.7', '192.0.2.7', 403],
] as const) {
  test(`a client with allowed networks, called by somebody ${name}, answers ${status}`, async () => {
    const allowedNetworks = ['192.0.2.0/24']
    const restricted = await world.makeClient({ scopes: ordersScopes, set: { allowedNetworks } })
    const tokens = tokenRequest(restricted, 'grant_type=client_credentials&scope=orders_read')
    const issued = await world.inject({ ...tokens, remoteAddress: '192.0.2.9' })
    const text = issued.json().access_token
    const answer = await ask({ ...bearer(text), 'x-forwarded-for': forwarded }, { from })
    assert.equal(answer.statusCode, status, answer.body)
    if (status === 403) assert.match(answer.json().type, /address_not_allowed$/)
  })
}

test('where the public URL is https, no token is taken over plain http', async () => {
  const at = await openForwardAuthWorld({
    settings: { ...settings, LATCHKEY_PUBLIC_URL: 'https://api.example' },
  })
  const text = await at.token(['orders_read'], { scopes: ordersScopes })
  for (const [name, from, proto, status] of [
    ['over TLS, as the trusted proxy says', proxy, 'https', 200],
    ['over plain http, as the trusted proxy says', proxy, 'http', 400],
    ['that somebody else calls one over TLS', '198.51.100.7', 'https', 400],
    ['on this machine', '127.0.0.1', '', 200],
  ] as const) {
    const answer = await ask({ ...bearer(text), 'x-forwarded-proto': proto }, { at, from })
    assert.equal(answer.statusCode, status, `${name}: ${answer.body}`)
    if (status === 400) assert.match(answer.json().detail, /came over plain http/)
  }
  await at.close()
})

test('a session of the dashboard and a token in the address open nothing', async () => {
  assert.equal((await ask({ cookie: 'latchkey.session_token=x' })).statusCode, 401)
  assert.equal((await ask({}, { url: `${asked()}&access_token=${token}` })).statusCode, 400)
})

test('what is remembered of one token never answers for another, nor for another API or scope', async () => {
  const write = await world.token(['orders_write'], client)
  for (let round = 0; round < 2; round += 1) {
    assert.equal((await ask(bearer(token))).statusCode, 200)
    assert.equal((await ask(bearer(write))).statusCode, 403)
    assert.equal((await ask(bearer(token), { url: asked(testApi, 'orders_write') })).statusCode, 403)
    assert.equal((await ask(bearer(token), { url: asked(productionApi) })).statusCode, 401)
    assert.equal((await ask(bearer(`${token.slice(0, -2)}AA`))).statusCode, 401)
    assert.equal((await ask({})).statusCode, 401)
  }
})

test('a call is recorded as one of the API, granted and refused; what the proxy asks wrongly is not', async () => {
  const at = await openForwardAuthWorld()
  const one = await at.makeClient({ scopes: ordersScopes })
  const text = await at.token(['orders_read'], one)
  await ask(bearer(text), { at })
  await ask(bearer(text), { at, url: asked(testApi, 'orders_write') })
  await ask(bearer(text), { at, url: '/oauth/forward-auth?resource=https://evil.example&scope=x' })
  await at.app.recorder.flush()
  const entries = await at.app.activity.page(
    { of: { accountId: 'acme', environment: 'test' }, kind: 'api_call' },
    { limit: 10, belowId: undefined },
  )
  const operation = 'forward-auth https://test.orders.example'
  assert.deepEqual(
    entries.map((entry) => [entry.clientId, entry.operation, entry.requiredScope, entry.status, entry.error]),
    [
      [one.clientId, operation, 'orders_write', 403, 'insufficient_scope'],
      [one.clientId, operation, 'orders_read', 200, null],
    ],
  )
  const reader = await at.makeClient({ scopes: ['account_read'] })
  const read = await at.inject({
    url: `/account/test/activity/${entries[0]?.id}`,
    headers: bearer(await at.token(['account_read'], reader)),
  })
  const { whatHappened, curl, fix } = read.json()
  assert.match(whatHappened, /^A call of https:\/\/test\.orders\.example through a proxy in the name of/)
  assert.equal(curl, "curl -H 'Authorization: Bearer ACCESS_TOKEN' 'https://test.orders.example'")
  assert.ok(fix.steps.length > 0)
  await at.close()
})

test('a long list of scopes leaves the header of a refusal, not its body', async () => {
  const at = await openForwardAuthWorld()
  const names = Array.from({ length: 60 }, (_, index) => `orders_of_a_rather_long_name_${index}`)
  const scopes = names.map((name) => ({ name, description: 'x' }))
  await registerOrders(at, [], scopes)
  const text = await at.token(names, { scopes: names })
  const refused = await ask(bearer(text), { at })
  const header = String(refused.headers['latchkey-problem'])
  assert.ok(header.length <= 2000 && refused.body.length > 2000, String(header.length))
  const { granted, ...rest } = refused.json()
  assert.equal(granted.length, 60)
  assert.match(rest.detail, /^This call needs orders_read\. Your token has 60 other scopes\. Add the scope/)
  assert.deepEqual(JSON.parse(header), rest)
  assert.ok(String(refused.headers['www-authenticate']).length < 500)
  await at.close()
})
