import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { startFaultProxy, tokenPath } from '../testing/fault-proxy.ts'
import { createStand } from '../testing/stand.ts'

const stand = await createStand()
const { proxy, world } = stand
// Another origin, with the same server behind it.
const elsewhere = await startFaultProxy(world.url)
beforeEach(() => {
  proxy.reset()
  elsewhere.reset()
})
after(async () => {
  await elsewhere.close()
  await stand.close()
})

const hour = 3600_000

for (const [name, input] of [
  ['a path', '/signature/documents'],
  ['a path with a query', '/signature/documents?limit=1'],
  ['an address', `${proxy.url}/signature/documents`],
  ['a URL', new URL('/signature/documents', proxy.url)],
  ['a Request', new Request(`${proxy.url}/signature/documents`, { headers: { accept: 'text/x-own' } })],
] as const) {
  test(`fetch takes ${name}, as the global fetch does`, async () => {
    const { api } = await stand.client()
    const { fetch } = api
    const response = await fetch(input)
    assert.equal(response.status, 200)
    assert.deepEqual(await response.json(), { items: [], nextCursor: null })
    const token = await api.token()
    assert.equal(proxy.seen.at(-1)?.headers.authorization, `Bearer ${token}`)
    if (input instanceof Request) assert.equal(proxy.seen.at(-1)?.headers.accept, 'text/x-own')
  })
}

test("method, headers and body are the caller's, but for the Authorization header", async () => {
  const { api } = await stand.client()
  const headers = { authorization: 'Basic own', 'content-type': 'application/json', 'x-own': 'yes' }
  await api.fetch('/identification/sessions', { method: 'POST', headers, body: '{"a":1}' })
  const seen = proxy.seen.at(-1)
  assert.deepEqual([seen?.method, seen?.body, seen?.headers['x-own']], ['POST', '{"a":1}', 'yes'])
  assert.match(seen?.headers.authorization ?? '', /^Bearer eyJ/)
})

const { port } = new URL(proxy.url)
for (const [name, input] of [
  ['another host', 'https://elsewhere.example/signature/documents'],
  ['another host in the shape of a path', '//elsewhere.example/signature/documents'],
  ['another port', elsewhere.url],
  ['another scheme', `https://127.0.0.1:${port}/signature/documents`],
  ['another name of the same machine', `http://localhost:${port}/signature/documents`],
  ['a host that begins alike', 'http://127.0.0.1.elsewhere.example/'],
  ['our origin as a user name', `${proxy.url}@elsewhere.example/`],
  ['data', 'data:text/plain,hello'],
  ['a URL elsewhere', new URL('https://elsewhere.example/')],
  ['a Request elsewhere', new Request(`${elsewhere.url}/signature/documents`)],
] as const) {
  test(`${name} is refused before any request, a token request too`, async () => {
    const { api } = await stand.client()
    await assert.rejects(api.fetch(input), { name: 'OriginError' })
    assert.deepEqual([proxy.seen.length, elsewhere.seen.length], [0, 0])
  })
}

test('an API that is listed in origins gets the token', async () => {
  const { api } = await stand.client({}, { origins: [elsewhere.url] })
  assert.equal((await api.fetch(`${elsewhere.url}/signature/documents`)).status, 200)
  assert.match(elsewhere.seen[0]?.headers.authorization ?? '', /^Bearer eyJ/)
})

for (const [name, origins] of [
  ['another origin', []],
  ['another origin, even a listed one', [elsewhere.url]],
] as const) {
  test(`the token is dropped on a redirect to ${name}, and the 401 there renews nothing`, async () => {
    const { api } = await stand.client({}, { origins })
    const location = `${elsewhere.url}/signature/documents`
    proxy.fault = ({ path }) =>
      path === tokenPath ? undefined : { answer: { status: 302, headers: { location } } }
    elsewhere.fault = () => ({ answer: { status: 401 } })
    assert.equal((await api.fetch('/moved')).status, 401)
    assert.equal(elsewhere.seen.length, 1)
    assert.equal(elsewhere.seen[0]?.headers.authorization, undefined)
    assert.deepEqual([proxy.tokenRequests(), proxy.apiCalls()], [1, 1])
  })
}

test('the token is kept on a redirect within its origin', async () => {
  const { api } = await stand.client()
  proxy.fault = ({ path }) =>
    path === '/moved' ? { answer: { status: 302, headers: { location: '/signature/documents' } } } : undefined
  assert.equal((await api.fetch('/moved')).status, 200)
})

test('without a token no API is called', async () => {
  const { api } = await stand.client({}, { clientSecret: 'wrong' })
  await assert.rejects(api.fetch('/signature/documents'), { error: 'invalid_client' })
  assert.equal(proxy.apiCalls(), 0)
})

test('50 parallel calls with a token that died early make one token request, and all succeed', async () => {
  const { api } = await stand.client()
  await api.token()
  // The server's clock alone: for the SDK the token is as good as new.
  world.clock.advance(2 * hour)
  const responses = await Promise.all(Array.from({ length: 50 }, () => api.fetch('/signature/documents')))
  assert.deepEqual(new Set(responses.map(({ status }) => status)), new Set([200]))
  assert.equal(proxy.tokenRequests(), 2)
  assert.ok(proxy.apiCalls() <= 100)
})

const bytes = new TextEncoder().encode('{"a":1}')
const form = new FormData()
form.set('a', '1')
for (const [name, body, sent] of [
  ['no body', undefined, 2],
  ['text', '{"a":1}', 2],
  ['bytes', bytes, 2],
  ['a buffer', bytes.buffer, 2],
  ['a Blob', new Blob([bytes]), 2],
  ['a form', form, 2],
  ['parameters', new URLSearchParams({ a: '1' }), 2],
  ['a stream', new Blob([bytes]).stream(), 1],
] as const) {
  test(`a refused call with ${name} is sent ${sent === 2 ? 'once more, whole' : 'once'}`, async () => {
    const { api } = await stand.client()
    proxy.fault = ({ path }) =>
      path !== tokenPath && proxy.apiCalls() === 1 ? { answer: { status: 401 } } : undefined
    const init = { method: 'POST', ...(body && { body }), duplex: 'half' }
    const { status } = await api.fetch('/identification/sessions', init)
    const calls = proxy.seen.filter(({ path }) => path !== tokenPath)
    assert.equal(calls.length, sent)
    assert.equal(status === 401, sent === 1)
    if (body && body !== form)
      assert.deepEqual(new Set(calls.map((call) => call.body.length > 2)), new Set([true]))
    // The next call has a new token either way.
    assert.equal((await api.fetch('/signature/documents')).status, 200)
    assert.equal(proxy.tokenRequests(), 2)
  })
}

test('the body of a Request is a stream: the refused call is not repeated', async () => {
  const { api } = await stand.client()
  proxy.fault = ({ path }) => (path === tokenPath ? undefined : { answer: { status: 401 } })
  const request = new Request(`${proxy.url}/identification/sessions`, { method: 'POST', body: '{}' })
  assert.equal((await api.fetch(request)).status, 401)
  assert.equal(proxy.apiCalls(), 1)
})

for (const [name, headers, retried] of [
  ['without a challenge', {}, true],
  ['invalid_token', { 'www-authenticate': 'Bearer realm="x", error="invalid_token"' }, true],
  ['a challenge without error', { 'www-authenticate': 'Bearer realm="x"' }, false],
  [
    'another error that mentions it',
    {
      'www-authenticate': 'Bearer error="invalid_request", error_description="not error=invalid_token"',
    },
    false,
  ],
] as const) {
  test(`401 ${name} is ${retried ? '' : 'not '}tried again`, async () => {
    const { api } = await stand.client()
    proxy.fault = ({ path }) => (path === tokenPath ? undefined : { answer: { status: 401, headers } })
    assert.equal((await api.fetch('/signature/documents')).status, 401)
    assert.deepEqual([proxy.tokenRequests(), proxy.apiCalls()], retried ? [2, 2] : [1, 1])
  })
}

for (const [name, init] of [
  ['GET', () => ({})],
  ['a stream', () => ({ method: 'POST', body: new Blob(['{}']).stream(), duplex: 'half' })],
] as const) {
  test(`an API that says 401 for ever costs one token request in 30 s (${name})`, async () => {
    const { api, machine } = await stand.client()
    await api.token()
    proxy.fault = ({ path }) => (path === tokenPath ? undefined : { answer: { status: 401 } })
    for (let call = 0; call < 10; call += 1) {
      machine.advance(2900)
      assert.equal((await api.fetch('/signature/documents', init())).status, 401)
    }
    assert.equal(proxy.tokenRequests(), 2)
    machine.advance(4000)
    await api.fetch('/signature/documents', init())
    await api.token()
    assert.equal(proxy.tokenRequests(), 3)
  })
}

test('a token that another caller renewed is used for the second try', async () => {
  const { api } = await stand.client()
  const old = await api.token()
  const gate = Promise.withResolvers<void>()
  world.clock.advance(2 * hour)
  proxy.fault = ({ path }) => (path.endsWith('?slow') ? { after: gate.promise } : undefined)
  const slow = api.fetch('/signature/documents?slow')
  assert.equal((await api.fetch('/signature/documents')).status, 200)
  gate.resolve()
  // The server refuses the unknown query parameter only after it accepted the token.
  assert.equal((await slow).status, 400)
  assert.notEqual(await api.token(), old)
  assert.equal(proxy.tokenRequests(), 2)
})

test('the second try can be switched off', async () => {
  const { api } = await stand.client({}, { retryOn401: false })
  proxy.fault = ({ path }) => (path === tokenPath ? undefined : { answer: { status: 401 } })
  assert.equal((await api.fetch('/signature/documents')).status, 401)
  assert.deepEqual([proxy.tokenRequests(), proxy.apiCalls()], [1, 1])
})

test('when the renewal fails, its error is thrown', async () => {
  const { api } = await stand.client()
  await api.token()
  proxy.fault = () => ({ answer: { status: 401, body: '{"error":"invalid_client"}' } })
  await assert.rejects(api.fetch('/signature/documents'), { error: 'invalid_client' })
})
