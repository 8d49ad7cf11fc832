// A guard that asks the real server about each token, and what it does when the answer does not come.
import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { inspect } from 'node:util'
import { tokenRequest } from '../server/testing/world.ts'
import { GuardError } from './errors.ts'
import type { GuardOptions } from './guard-options.ts'
import { audience, createStand, scopes, statusOf } from './testing/stand.ts'

const stand = await createStand()
const { world, proxy } = stand
beforeEach(() => stand.reset())
after(() => stand.close())

const url = `${proxy.url}/oauth/connect/introspect`
const asking = (
  introspection: GuardOptions['introspection'] & object = {},
  more: Partial<GuardOptions> = {},
) => stand.guard({ introspection: { url, ...introspection }, ...more })
const client = await world.makeClient({ scopes })
const newToken = () => world.token(['orders_read'], client)

async function revoke(token: string): Promise<void> {
  const request = tokenRequest(client, new URLSearchParams({ token }).toString())
  await world.inject({ ...request, url: '/oauth/connect/revocation' })
}

for (const signed of [false, true]) {
  test(`what an answer${signed ? ' that is signed' : ''} says is what offline verification says`, async () => {
    const token = await newToken()
    const header = `Bearer ${token}`
    const asked = await asking({ signed }).check(header, 'orders_read')
    assert.deepEqual(asked, await stand.guard({}).check(header, 'orders_read'))
    assert.deepEqual([asked.clientId, asked.audiences], [client.clientId, [audience]])
    assert.equal(proxy.seen.length, 1)
  })
}

test('a revoked token is refused when its answer is too old, at once where nothing is kept', async () => {
  const [patient, strict] = [asking({ cacheSeconds: 5 }), asking({ cacheSeconds: 0 })]
  const token = await newToken()
  assert.deepEqual([await statusOf(patient, token), await statusOf(strict, token)], [200, 200])
  await revoke(token)
  assert.deepEqual([await statusOf(patient, token), await statusOf(strict, token)], [200, 401])
  world.clock.advance(5000)
  assert.equal(await statusOf(patient, token), 401)
})

test('an answer is used again for its seconds, alive or not, and one flight serves all who wait', async () => {
  const guard = asking({ cacheSeconds: 5 })
  const [alive, dead] = [await newToken(), await newToken()]
  await revoke(dead)
  for (const [token, status] of [
    [alive, 200],
    [dead, 401],
  ] as const) {
    proxy.reset()
    const statuses = await Promise.all(Array.from({ length: 50 }, () => statusOf(guard, token)))
    assert.deepEqual([...new Set(statuses)], [status])
    assert.equal(await statusOf(guard, token), status)
    assert.equal(proxy.seen.length, 1)
    world.clock.advance(5000)
    assert.equal(await statusOf(guard, token), status)
    assert.equal(proxy.seen.length, 2)
  }
})

test('no answer outlives its token, not even by the allowed skew', async () => {
  const short = await world.makeClient({ scopes, tokenLifetimeSeconds: 60 })
  const token = await world.token(['orders_read'], short)
  const guard = asking({ cacheSeconds: 3600 })
  world.clock.advance(59_000)
  assert.equal(await statusOf(guard, token), 200)
  proxy.fault = () => ({ answer: { status: 503 } })
  world.clock.advance(1000)
  assert.equal(await statusOf(guard, token), 503, 'it asks again from the second of its expiry on')
})

test('what does not verify is never asked about: garbage does not reach the authorization server', async () => {
  const guard = asking()
  const token = await newToken()
  for (const [text, scope, status] of [
    ['a.b.c', 'orders_read', 401],
    [`${token.slice(0, -4)}AAAA`, 'orders_read', 401],
    [client.clientSecret, 'orders_read', 401],
    [await world.token(['event']), 'event', 401],
    [await world.token(['orders_read'], { environment: 'production' }), 'orders_read', 401],
  ] as const)
    assert.equal(await statusOf(guard, text, scope), status)
  assert.equal(proxy.seen.length, 0)
  assert.equal(await statusOf(guard, token, 'orders_write'), 403, 'the scope is of the answer')
})

// The same checks as offline, on what the answer says.
for (const [name, change, status] of [
  ['another audience', { aud: 'https://bills.example' }, 401],
  ['another environment', { environment: 'production' }, 401],
  ['no scope any more', { scope: '' }, 403],
  ['a binding that nobody knows', { cnf: { other: 'x' } }, 401],
  ['a DPoP key', { cnf: { jkt: 'x' } }, 401],
  ['a certificate', { cnf: { 'x5t#S256': 'x' } }, 401],
  ['another token', { jti: 'x' }, 503],
  ['another client', { client_id: 'test-other-1' }, 503],
  ['another issuer', { iss: 'https://evil.example/oauth' }, 503],
  ['no client', { client_id: undefined }, 401],
] as const) {
  test(`an answer that says ${name} answers ${status}`, async () => {
    proxy.fault = () => ({ change: (body) => JSON.stringify({ ...JSON.parse(body), ...change }) })
    assert.equal(await statusOf(asking(), await newToken()), status)
  })
}

for (const [name, fault] of [
  ['500', () => ({ answer: { status: 500 } })],
  ['a page', () => ({ answer: { status: 200, body: '<html>' } })],
  ['nothing that is asked for', () => ({ answer: { status: 200, body: '{}' } })],
  ['active as a text', () => ({ answer: { status: 200, body: '{"active":"true"}' } })],
  ['a list', () => ({ answer: { status: 200, body: '[]' } })],
  [
    'a redirect',
    () => ({ answer: { status: 307, headers: { location: `${world.url}/oauth/connect/introspect` } } }),
  ],
  ['the end of the connection', () => 'cut the connection'],
  ['silence', () => ({ after: new Promise(() => undefined) })],
  ['that the client is unknown', () => ({ answer: { status: 401, body: '{"error":"invalid_client"}' } })],
] satisfies [string, typeof proxy.fault][]) {
  test(`an answer with ${name} is no answer: 503 with Retry-After, told once`, async () => {
    const told: Error[] = []
    const guard = asking({ timeoutMs: 200 }, { onError: (error) => told.push(error) })
    const token = await newToken()
    proxy.fault = fault
    const error = await guard.check(`Bearer ${token}`, 'orders_read').catch((reason: unknown) => reason)
    assert.ok(error instanceof GuardError)
    assert.deepEqual([error.status, error.headers['retry-after']], [503, '2'])
    assert.equal(error.problem.type, `${world.url}/docs/errors/temporarily_unavailable`)
    assert.equal(await statusOf(guard, token), 503)
    assert.equal(proxy.seen.length, 1, 'nobody waits for a second failure right after the first')
    assert.equal(told.length, 1)
    proxy.reset()
    world.clock.advance(1000)
    assert.equal(await statusOf(guard, token), 200)
  })
}

test('Retry-After of the authorization server is kept to, and handed on', async () => {
  const guard = asking()
  const token = await newToken()
  proxy.fault = () => ({ answer: { status: 503, headers: { 'retry-after': '7' } } })
  const error = await guard.check(`Bearer ${token}`, 'orders_read').catch((reason: unknown) => reason)
  assert.ok(error instanceof GuardError)
  assert.equal(error.headers['retry-after'], '7')
  proxy.reset()
  world.clock.advance(6900)
  assert.equal(await statusOf(guard, token), 503)
  world.clock.advance(100)
  assert.equal(await statusOf(guard, token), 200)
})

// The server limits answers about dead tokens; who sends many of them must not close the API for everybody.
test('a limit on dead tokens does not stop the asking about others', async () => {
  const guard = asking()
  const [dead, alive] = [await newToken(), await newToken()]
  proxy.fault = (seen) =>
    seen.body.includes(dead) ? { answer: { status: 429, headers: { 'retry-after': '60' } } } : undefined
  assert.deepEqual([await statusOf(guard, dead), await statusOf(guard, alive)], [503, 200])
})

for (const [name, change] of [
  ['an answer that is not signed', (_body: string) => JSON.stringify({ active: true })],
  ['a changed signature', (body: string) => `${body.slice(0, -6)}AAAAAA`],
  ['an access token instead', () => token],
] as const) {
  test(`${name} is no answer where a signed one is asked for`, async () => {
    proxy.fault = () => ({ change })
    assert.equal(await statusOf(asking({ signed: true }), await newToken()), 503)
  })
}
const token = await newToken()

test('a signed answer for another client is none', async () => {
  const other = await world.makeClient()
  const answer = await world.inject({
    ...tokenRequest(other, new URLSearchParams({ token }).toString()),
    url: '/oauth/connect/introspect',
    headers: { ...tokenRequest(other, '').headers, accept: 'application/token-introspection+jwt' },
  })
  proxy.fault = () => ({ change: () => answer.body })
  assert.equal(await statusOf(asking({ signed: true }), token), 503)
})

test('the secret is asked for at each request, and shows nowhere', async () => {
  const canary = stand.resourceServer.clientSecret
  let secret = canary
  const told: Error[] = []
  const resourceServer = {
    test: { clientId: stand.resourceServer.clientId, clientSecret: async () => secret },
  }
  const guard = asking({ cacheSeconds: 0 }, { resourceServer, onError: (error) => told.push(error) })
  assert.equal(await statusOf(guard, token), 200)
  proxy.fault = ({ headers, body }) => ({ answer: { status: 400, body: JSON.stringify({ headers, body }) } })
  const error = await guard.check(`Bearer ${token}`, 'orders_read').catch((reason: unknown) => reason)
  world.clock.advance(1000)
  proxy.reset()
  secret = 'wrong'
  assert.equal(await statusOf(guard, token), 503)
  secret = canary
  world.clock.advance(1000)
  assert.equal(await statusOf(guard, token), 200)
  const shown =
    inspect([guard, error, told, asking({}, {})], { depth: 12, showHidden: true }) +
    JSON.stringify([error, told])
  for (const hidden of [canary, btoa(`${stand.resourceServer.clientId}:${canary}`), token])
    assert.ok(!shown.includes(hidden))
})

test('a secret that cannot be read is an answer that does not come', async () => {
  const failure = new Error('the vault says canary')
  const thrown = () => {
    throw failure
  }
  const told: Error[] = []
  for (const clientSecret of [() => Promise.reject(failure), thrown]) {
    const resourceServer = { test: { clientId: 'test-orders-api', clientSecret } }
    assert.equal(
      await statusOf(asking({}, { resourceServer, onError: (error) => told.push(error) }), token),
      503,
    )
  }
  assert.equal(told.length, 2)
  assert.ok(!inspect(told, { depth: 12, showHidden: true }).includes('canary'))
})

test('a guard without a client for each of its environments, or to be asked without TLS, is not made', () => {
  assert.throws(() => asking({}, { resourceServer: {} }), /resourceServer\.test is missing/)
  assert.throws(
    () => asking({}, { audiences: { test: audience, production: 'https://orders.example' } }),
    /resourceServer\.production is missing/,
  )
  for (const option of [
    { introspection: { url: 'http://api.example/i' } },
    { follow: { url: 'http://api.example/r' } },
  ])
    assert.throws(() => stand.guard(option), /https:\/\//)
})
