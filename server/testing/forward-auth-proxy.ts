// What every proxy that asks forward-auth has to do, with the configuration that we show, in front of an API that knows
// nothing of tokens.
import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import { guardedPaths } from './forward-auth-paths.ts'
import { testBoundCalls } from './forward-auth-proxy-bound.ts'
import { makeCertificate, type TestCertificate } from './make-certificate.ts'
import { ordersScopes, registerOrders } from './orders-api.ts'
import { callProxy, type PlainApi, type ProxyCall, startPlainApi } from './plain-api.ts'
import { createWorld, type TestClient, tokenRequest, type World } from './world.ts'

export interface ProxyProgram {
  /** Why it is left out; false: it is here. */
  skip: string | false
  /** The address that it asks from. */
  asksFrom: string
  /** What it answers to two Authorization headers: itself, or what Latchkey says. */
  twoTokens: number
  /** What it answers while Latchkey is away. */
  away: number
  /** Starts it with the shown configuration. */
  start: (where: { latchkey: string; api: string; site: TestCertificate }) => Promise<{
    port: number
    close: () => Promise<void>
  }>
}

/** Declares the tests of a proxy whose configuration guards everything but /healthz. */
export function testForwardAuthProxy({ skip, asksFrom, twoTokens, away, start }: ProxyProgram): void {
  const options = { skip }
  const site = makeCertificate({ subject: [{ CN: 'site' }], names: ['DNS:orders.example'] })

  let world: World
  let api: PlainApi
  let proxy: Awaited<ReturnType<typeof start>>
  let client: TestClient
  let token: string
  before(async () => {
    if (skip) return
    world = await createWorld({ settings: { LATCHKEY_TRUSTED_PROXIES: asksFrom } })
    await registerOrders(world)
    await world.listen()
    api = await startPlainApi()
    proxy = await start({ latchkey: new URL(world.url).host, api: `127.0.0.1:${api.port}`, site })
    client = await world.makeClient({ environment: 'production', scopes: [...ordersScopes, 'event'] })
    token = await world.token(['orders_read'], client)
  })
  after(async () => {
    await proxy?.close()
    await api?.close()
    await world?.close()
  })

  const call = (wanted: ProxyCall = {}) => callProxy(proxy.port, site.pem, wanted)
  const bearer = (text: string) => [['authorization', `Bearer ${text}`]] as const
  const identity = ['client-id', 'account-id', 'environment', 'scopes', 'token-id'].map(
    (name) => `latchkey-${name}`,
  )

  test('the right token reaches the API, which learns who calls and gets no token', options, async () => {
    const answer = await call({ path: '/orders/1?limit=2', headers: bearer(token) })
    assert.equal(answer.status, 200, answer.body)
    assert.equal(answer.reached().url, '/orders/1?limit=2')
    assert.deepEqual(
      identity.slice(0, 4).map((name) => answer.values(name)),
      [[client.clientId], ['acme'], ['production'], ['orders_read']],
    )
    assert.match(answer.values('latchkey-token-id').join(), /^[0-9a-f-]{36}$/)
    assert.ok(!answer.body.includes(token), 'the token stays at the proxy')
  })

  for (const [name, make, status, code] of [
    ['no token', async () => [], 401, undefined],
    ['a broken token', async () => bearer('a.b.c'), 401, 'invalid_token'],
    [
      'the token of another API',
      async () => bearer(await world.token(['event'], client)),
      401,
      'invalid_token',
    ],
    [
      'another scope',
      async () => bearer(await world.token(['orders_write'], client)),
      403,
      'insufficient_scope',
    ],
    ['a test token', async () => bearer(await world.token(['orders_read'], {})), 401, 'invalid_token'],
  ] as const) {
    test(`${name} answers ${status}, and the caller sees challenge and problem`, options, async () => {
      const before = api.reached()
      const answer = await call({ headers: await make() })
      assert.equal(answer.status, status, answer.body)
      assert.equal(api.reached(), before, 'nothing reached the API')
      assert.equal(answer.headers['content-type'], 'application/problem+json')
      assert.equal(answer.headers['cache-control'], 'no-store')
      const challenge = String(answer.headers['www-authenticate'])
      assert.equal(challenge.split('realm=').length, 2, challenge)
      assert.equal(/error="(\w+)"/.exec(challenge)?.[1], code)
      const problem = JSON.parse(answer.body)
      assert.deepEqual(
        [problem.status, problem.type],
        [status, `${world.url}/docs/errors/${code ?? 'missing_token'}`],
      )
      if (status === 403) assert.match(problem.fixUrl, /scope=orders_read#scopes$/)
    })
  }

  test('two Authorization headers never reach the API', options, async () => {
    const before = api.reached()
    for (const headers of [
      [...bearer(token), ...bearer(token)],
      [...bearer('x'), ...bearer(token)],
    ])
      assert.equal((await call({ headers })).status, twoTokens)
    assert.equal(api.reached(), before)
  })

  test('an expired and a revoked token are refused', options, async () => {
    const other = await world.makeClient({ environment: 'production', scopes: ordersScopes })
    const dead = await world.token(['orders_read'], other)
    assert.equal((await call({ headers: bearer(dead) })).status, 200)
    const revoke = tokenRequest(other, new URLSearchParams({ token: dead }).toString())
    await world.inject({ ...revoke, url: '/oauth/connect/revocation' })
    assert.match((await call({ headers: bearer(dead) })).body, /The token was revoked/)
    const short = await world.makeClient({
      environment: 'production',
      scopes: ordersScopes,
      tokenLifetimeSeconds: 60,
    })
    const aged = await world.token(['orders_read'], short)
    assert.equal((await call({ headers: bearer(aged) })).status, 200)
    world.clock.advance(100_000)
    assert.match((await call({ headers: bearer(aged) })).body, /The token expired/)
  })

  test('the method chooses the scope, and no method is left out', options, async () => {
    const write = await world.token(['orders_write'], client)
    for (const method of ['GET', 'HEAD'])
      assert.deepEqual(
        [
          (await call({ method, headers: bearer(token) })).status,
          (await call({ method, headers: bearer(write) })).status,
        ],
        [200, 403],
      )
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'])
      assert.deepEqual(
        [
          (await call({ method, headers: bearer(token) })).status,
          (await call({ method, headers: bearer(write) })).status,
        ],
        [403, 200],
        method,
      )
  })

  // What a caller would send to pass as somebody else at the API.
  test(
    'a forged identity header never reaches the API, with a token or on a public path',
    options,
    async () => {
      const forged = identity.flatMap((name) => [
        [name, 'forged'],
        [name.toUpperCase(), 'forged'],
        [name.replaceAll('-', '_'), 'forged'],
      ]) as [string, string][]
      const guarded = await call({ headers: [...forged, ...bearer(token), ...forged] })
      assert.equal(guarded.status, 200)
      assert.ok(!guarded.body.includes('forged'), guarded.body)
      assert.deepEqual(guarded.values('latchkey-client-id'), [client.clientId])
      const open = await call({ path: '/healthz', headers: forged })
      assert.equal(open.status, 200)
      assert.ok(!open.body.includes('forged') && !open.body.includes('latchkey'), open.body)
    },
  )

  // RFC 9110 §7.6.1: what Connection names is for the next hop alone, and proxies remove it.
  test('a caller cannot have the identity taken away by naming it in Connection', options, async () => {
    const named = ['close', ...identity, 'X-Forwarded-For', 'X-Forwarded-Method', 'X-Forwarded-Uri'].join(
      ', ',
    )
    const answer = await call({ headers: [...bearer(token), ['connection', named]] })
    assert.equal(answer.status, 200)
    for (const name of identity) assert.equal(answer.values(name).length, 1, name)
    assert.equal(answer.values('x-forwarded-for').length, 1)
    assert.equal(
      (await call({ headers: [...bearer(token), ['connection', 'close, Authorization']] })).body.includes(
        token,
      ),
      false,
    )
  })

  test(
    'what a caller says under the names of the proxy is replaced, toward Latchkey and the API',
    options,
    async () => {
      const allowedNetworks = ['192.0.2.0/24']
      const restricted = await world.makeClient({
        environment: 'production',
        scopes: ordersScopes,
        set: { allowedNetworks },
      })
      const tokens = tokenRequest(restricted, 'grant_type=client_credentials&scope=orders_read')
      const issued = await world.inject({ ...tokens, remoteAddress: '192.0.2.9' })
      const lies = [
        ['x-forwarded-for', '192.0.2.7'],
        ['forwarded', 'for=192.0.2.7'],
        ['x-real-ip', '192.0.2.7'],
      ] as const
      const answer = await call({ headers: [...bearer(issued.json().access_token), ...lies] })
      assert.equal(answer.status, 403, answer.body)
      assert.match(JSON.parse(answer.body).type, /address_not_allowed$/)
      const passed = await call({ headers: [...bearer(token), ...lies] })
      assert.deepEqual(passed.values('x-forwarded-for'), ['127.0.0.1'])
    },
  )

  for (const query of [
    '?resource=https://evil.example&scope=event',
    '?scope=orders_write&scope=orders_read',
    '?%26scope=orders_read',
    '?limit=2%26resource%3Dhttps://test.orders.example',
    '?a=b#&scope=orders_read',
  ]) {
    test(`the query ${query} changes nothing of what is asked`, options, async () => {
      assert.equal((await call({ path: `/orders${query}`, headers: bearer(token) })).status, 200)
      const write = await world.token(['orders_write'], client)
      assert.equal((await call({ path: `/orders${query}`, headers: bearer(write) })).status, 403)
    })
  }

  for (const path of guardedPaths) {
    test(`without a token ${path} does not reach the API`, options, async () => {
      const before = api.reached()
      const { status } = await call({ path })
      assert.ok([400, 401, 404].includes(status), String(status))
      assert.equal(api.reached(), before)
    })
  }

  test('an encoded path reaches the API as it was sent', options, async () => {
    for (const path of ['/orders/a%2Fb', '/orders/%C3%B8', '/orders/a+b?q=%26', '/%6frders/1'])
      assert.equal((await call({ path, headers: bearer(token) })).reached().url, path)
  })

  test(
    'a large body reaches the API whole when the token is right, and is not asked for when it is not',
    options,
    async () => {
      const body = randomBytes(6_000_000)
      const write = await world.token(['orders_write'], client)
      for (const chunked of [false, true]) {
        const answer = await call({ method: 'POST', headers: bearer(write), body, chunked })
        assert.equal(answer.status, 200)
        assert.deepEqual(
          [answer.reached().bytes, answer.reached().sha256],
          [body.length, createHash('sha256').update(body).digest('hex')],
        )
      }
      const before = api.reached()
      assert.equal(
        (await call({ method: 'POST', headers: bearer(token), body: randomBytes(1000) })).status,
        403,
      )
      assert.equal(api.reached(), before)
    },
  )

  test('what the API itself answers passes unchanged', options, async () => {
    for (const [path, status] of [
      ['/broken', 500],
      ['/refused', 401],
    ] as const) {
      const answer = await call({ path, headers: bearer(token) })
      assert.deepEqual([answer.status, answer.reached().url], [status, path])
    }
  })

  testBoundCalls({ options, asksFrom, stand: () => ({ world, client, call }) })

  // The last one: Latchkey goes away.
  test('while Latchkey is away nothing passes, and the answer says when to come again', options, async () => {
    await world.app.server.close()
    const before = api.reached()
    const answer = await call({ headers: bearer(token) })
    assert.deepEqual([answer.status, api.reached()], [away, before])
    if (away === 503) assert.equal(answer.headers['retry-after'], '5')
  })
}
