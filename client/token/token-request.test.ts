import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { createClientOn } from '../create-client.ts'
import { TokenRequestError } from '../errors.ts'
import { readCredential } from '../settings/credential.ts'
import { readSettings } from '../settings/settings.ts'
import { type Fault, startFaultProxy } from '../testing/fault-proxy.ts'
import { createMachine } from '../testing/machine.ts'
import { createStand } from '../testing/stand.ts'
import { requestToken } from './token-request.ts'

const stand = await createStand()
const { proxy } = stand
beforeEach(() => proxy.reset())
after(() => stand.close())

/** The first requests meet these faults, later ones pass. */
function meet(...faults: Fault[]): void {
  proxy.fault = () => faults.shift()
}

for (const [name, fault] of [
  ['429', { answer: { status: 429 } }],
  ['502', { answer: { status: 502, body: '<html>Bad gateway</html>' } }],
  ['503', { answer: { status: 503 } }],
  ['504', { answer: { status: 504 } }],
  ['a connection that breaks', 'cut the connection'],
] as const) {
  test(`${name} is tried again, after a random part of 0.3 s, doubling`, async () => {
    const { api, machine } = await stand.client()
    meet(fault, fault, fault, fault)
    assert.match(await api.token(), /^eyJ/)
    assert.deepEqual(machine.pauses, [150, 300, 600, 1200])
    assert.equal(proxy.tokenRequests(), 5)
  })
}

for (const [name, retryAfter, pauseMs] of [
  ['seconds', '7', 7000],
  ['a date', 'Fri, 15 Jan 2027 08:00:20 GMT', 20_000],
  ['a date in the past, which says nothing', 'Fri, 15 Jan 2010 08:00:20 GMT', 150],
  ['no time at all, which says nothing', '0', 150],
  ['no whole number, which says nothing', '1.5', 150],
  ['a date that is not of HTTP, which says nothing', '2027-01-15', 150],
  ['an hour, of which 60 s are granted', '3600', 60_000],
  ['a word, which says nothing', 'soon', 150],
] as const) {
  test(`Retry-After may be ${name}`, async () => {
    const { api, machine } = await stand.client()
    meet({ answer: { status: 503, headers: { 'retry-after': retryAfter } } })
    assert.match(await api.token(), /^eyJ/)
    assert.deepEqual(machine.pauses, [pauseMs])
  })
}

test('a secret at the place where a long description is cut is masked whole, not cut in two', async () => {
  const clientSecret = 'another kind of secret, of some length'
  const { api } = await stand.client({}, { clientSecret })
  const description = '.'.repeat(980) + clientSecret
  proxy.fault = () => ({
    answer: {
      status: 400,
      body: JSON.stringify({ error: 'invalid_request', error_description: description }),
    },
  })
  await assert.rejects(
    api.token(),
    ({ message }: Error) => !message.includes('another') && message.includes('...'),
  )
})

test('after five tries the last answer is the error', async () => {
  const { api } = await stand.client()
  proxy.fault = () => ({ answer: { status: 503, headers: { 'request-id': 'req_1' } } })
  await assert.rejects(api.token(), { status: 503, error: undefined, requestId: 'req_1' })
  assert.equal(proxy.tokenRequests(), 5)
})

test('all tries end within ten seconds, unless the server asks for more', async () => {
  const { api, machine } = await stand.client()
  proxy.fault = () => {
    machine.advance(4900)
    return { answer: { status: 503 } }
  }
  await assert.rejects(api.token(), { status: 503 })
  assert.equal(proxy.tokenRequests(), 2)
})

test('a token endpoint that never answers is given up at the deadline', async () => {
  const { settings, machine } = await stand.client()
  proxy.fault = () => ({ after: new Promise(() => undefined) })
  const policy = { tries: 1, baseMs: 1, deadlineMs: 50, askedLimitMs: 1 }
  const request = readSettings(settings, {})
  const credential = await readCredential(request.credential, 'client_secret_basic', machine)
  const signal = new AbortController().signal
  await assert.rejects(
    requestToken({ ...request, credential }, machine, () => undefined, signal, policy),
    {
      name: 'TokenRequestError',
      message: /did not answer in time/,
    },
  )
})

for (const status of [400, 401, 403, 500]) {
  test(`${status} is not tried again`, async () => {
    const { api } = await stand.client()
    proxy.fault = () => ({ answer: { status } })
    await assert.rejects(api.token(), { name: 'TokenRequestError', status })
    assert.equal(proxy.tokenRequests(), 1)
  })
}

test('a refusal carries the code, the words, the link and the request id of the server', async () => {
  const { api, settings } = await stand.client({ scopes: ['event'] }, { scopes: ['identify'] })
  const error = await api.token().catch((reason: unknown) => reason)
  assert.ok(error instanceof TokenRequestError)
  assert.deepEqual([error.status, error.error], [400, 'invalid_scope'])
  assert.match(error.description, /^This client may not request identify\. Add it under Account/)
  assert.ok(error.errorUri?.includes(`/test/account/api-clients/${settings.clientId}/edit`))
  assert.match(error.requestId ?? '', /^req_/)
  for (const part of [error.description, error.errorUri, error.requestId])
    assert.ok(part && error.message.includes(part))
})

test('a server that is not there is named, with what to check', async () => {
  const { settings, machine } = await stand.client()
  const gone = await startFaultProxy(proxy.url)
  await gone.close()
  const api = createClientOn(machine, { ...settings, url: gone.url })
  await assert.rejects(api.token(), {
    name: 'TokenRequestError',
    message: /http:\/\/127\.0\.0\.1:\d+\/oauth\/connect\/token cannot be reached \(ECONNREFUSED\)/,
    status: undefined,
  })
})

for (const [name, answer, words] of [
  ['a page instead of JSON', { status: 200, body: '<html></html>' }, /no token of the type/],
  [
    'another token type',
    { status: 200, body: '{"access_token":"a","token_type":"mac"}' },
    /no token of the type/,
  ],
  [
    'a token that no header could hold',
    { status: 200, body: '{"access_token":"a\\nb","token_type":"Bearer"}' },
    /no token of the type/,
  ],
  ['a redirect', { status: 307, headers: { location: 'http://127.0.0.1:1/' } }, /redirects/],
] as const) {
  test(`${name} is no token, and no API is called`, async () => {
    const { api } = await stand.client()
    proxy.fault = () => ({ answer })
    await assert.rejects(api.fetch('/signature/documents'), { name: 'TokenRequestError', message: words })
    assert.deepEqual([proxy.tokenRequests(), proxy.apiCalls()], [1, 0])
  })
}

test('the request is RFC 6749 §4.4.2: form-encoded, the scopes joined by spaces', async () => {
  const { api } = await stand.client()
  await api.token()
  const [seen] = proxy.seen
  assert.deepEqual(
    [seen?.method, seen?.path, seen?.headers['content-type'], seen?.body],
    [
      'POST',
      '/oauth/connect/token',
      'application/x-www-form-urlencoded',
      'grant_type=client_credentials&scope=document_read+identify',
    ],
  )
})

test('the server accepts an id that only form-encoding carries (RFC 6749 §2.3.1)', async () => {
  const { api } = await stand.client({ clientId: 'test-ü:~ +%26&=' })
  assert.match(await api.token(), /^eyJ/)
})

test('client_secret_post sends id and secret in the form, and no header', async () => {
  const { clientId, clientSecret, ...rest } = await stand.settings()
  await stand.world.database.db
    .updateTable('client')
    .set({ authentication_methods: '["client_secret_post"]' })
    .where('id', '=', clientId)
    .execute()
  const settings = { ...rest, clientId, clientSecret }
  const api = createClientOn(createMachine(), { ...settings, authentication: 'client_secret_post' })
  assert.match(await api.token(), /^eyJ/)
  const [seen] = proxy.seen
  assert.equal(seen?.headers.authorization, undefined)
  const form = new URLSearchParams(seen?.body)
  assert.deepEqual([form.get('client_id'), form.get('client_secret')], [clientId, clientSecret])
})

test('id and secret are form-encoded before Base64', async () => {
  const machine = createMachine()
  const api = createClientOn(machine, {
    url: proxy.url,
    clientId: 'a:b c',
    clientSecret: '50%+é&"',
    scopes: ['event'],
  })
  await assert.rejects(api.token(), { error: 'invalid_client' })
  const header = proxy.seen[0]?.headers.authorization ?? ''
  assert.equal(
    Buffer.from(header.replace('Basic ', ''), 'base64').toString('latin1'),
    'a%3Ab+c:50%25%2B%C3%A9%26%22',
  )
})

test('a secret that was rotated meanwhile is read again, once', async () => {
  const { clientSecret, ...settings } = await stand.settings()
  const machine = createMachine()
  let reads = 0
  const api = createClientOn(machine, {
    ...settings,
    clientSecret: () => {
      reads += 1
      return reads === 1 ? 'the old one' : clientSecret
    },
  })
  assert.match(await api.token(), /^eyJ/)
  assert.deepEqual([reads, proxy.tokenRequests()], [2, 2])
})

test('a secret that could not be read is read again at the next call', async () => {
  const { clientSecret, ...settings } = await stand.settings()
  let away = true
  const get = async () => {
    if (away) throw new Error('The vault is away.')
    return clientSecret
  }
  const api = createClientOn(createMachine(), { ...settings, clientSecret: get })
  await assert.rejects(api.token(), { message: 'The vault is away.' })
  away = false
  assert.match(await api.token(), /^eyJ/)
})

test('a secret that did not change is not tried again', async () => {
  const { api } = await stand.client({}, { clientSecret: 'wrong' })
  await assert.rejects(api.token(), { error: 'invalid_client', status: 401 })
  assert.equal(proxy.tokenRequests(), 1)
})
