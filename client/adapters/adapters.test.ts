// One suite for every way to send: the real axios and undici, and another fetch.
import assert from 'node:assert/strict'
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, beforeEach, test } from 'node:test'
import axios from 'axios'
import { Agent, request, fetch as undiciFetch } from 'undici'
import type { Latchkey } from '../create-client.ts'
import { startFaultProxy, tokenPath } from '../testing/fault-proxy.ts'
import { createStand } from '../testing/stand.ts'
import { latchkeyAdapter } from './axios.ts'
import { latchkeyInterceptor } from './undici.ts'
import { mergeHeaders } from './undici-headers.ts'

const stand = await createStand()
const { proxy, world } = stand
const elsewhere = await startFaultProxy(world.url)
const folder = mkdtempSync(join(tmpdir(), 'latchkey-adapters-'))
writeFileSync(join(folder, 'body.json'), '{}')
const agents: Agent[] = []
beforeEach(() => {
  proxy.reset()
  elsewhere.reset()
})
after(async () => {
  rmSync(folder, { recursive: true })
  for (const agent of agents) await agent.destroy()
  await elsewhere.close()
  await stand.close()
})

interface Call {
  method?: 'GET' | 'POST'
  /** `stream`: a body that can be sent once. */
  body?: 'text' | 'stream'
  signal?: AbortSignal
}

type Send = (url: string, call?: Call) => Promise<{ status: number; text: string }>

const stream = () => createReadStream(join(folder, 'body.json'))
const headers = { 'content-type': 'application/json', authorization: 'Basic own' }

function withAxios(api: Latchkey): Send {
  const http = axios.create({
    adapter: latchkeyAdapter(api, axios),
    validateStatus: () => true,
    responseType: 'text',
  })
  return async (url, { method = 'GET', body, signal } = {}) => {
    const data: unknown = body === 'stream' ? stream() : body && '{}'
    const { status, data: text } = await http.request({
      url,
      method,
      headers,
      data,
      ...(signal && { signal }),
    })
    return { status, text }
  }
}

function compose(api: Latchkey) {
  const agent = new Agent()
  agents.push(agent)
  return agent.compose(latchkeyInterceptor(api))
}

function withUndici(api: Latchkey): Send {
  const dispatcher = compose(api)
  return async (url, { method = 'GET', body, signal = null } = {}) => {
    const sent = body === 'stream' ? stream() : body ? '{}' : null
    const answer = await request(url, { dispatcher, method, headers, body: sent, signal })
    return { status: answer.statusCode, text: await answer.body.text() }
  }
}

function withUndiciFetch(api: Latchkey): Send {
  const dispatcher = compose(api)
  return async (url, { method = 'GET', body, signal = null } = {}) => {
    const sent = body === 'stream' ? stream() : body ? '{}' : null
    const answer = await undiciFetch(url, { dispatcher, method, headers, body: sent, signal, duplex: 'half' })
    return { status: answer.status, text: await answer.text() }
  }
}

function withAuthFetch(api: Latchkey): Send {
  const call = api.authFetch((input, init) => fetch(input, init))
  return async (url, { method = 'GET', body, signal } = {}) => {
    const sent = body === 'stream' ? new Blob(['{}']).stream() : body && '{}'
    const init = { method, headers, duplex: 'half', ...(sent && { body: sent }), ...(signal && { signal }) }
    const answer = await call(url, init)
    return { status: answer.status, text: await answer.text() }
  }
}

/** undici's fetch has no body that could be sent again: it makes a generator of each. */
const senders: {
  name: string
  open: (api: Latchkey) => Send
  resendsText: boolean
  followsRedirects: boolean
}[] = [
  { name: 'axios', open: withAxios, resendsText: true, followsRedirects: true },
  { name: 'undici', open: withUndici, resendsText: true, followsRedirects: false },
  { name: 'fetch of undici', open: withUndiciFetch, resendsText: false, followsRedirects: true },
  { name: 'authFetch', open: withAuthFetch, resendsText: true, followsRedirects: true },
]

for (const { name, open, resendsText, followsRedirects } of senders) {
  test(`${name}: a call has the token in place of its own credentials, and its answer whole`, async () => {
    const { api } = await stand.client()
    const send = open(api)
    for (let call = 0; call < 3; call += 1)
      assert.deepEqual(await send(`${proxy.url}/signature/documents`), {
        status: 200,
        text: '{"items":[],"nextCursor":null}',
      })
    const created = await send(`${proxy.url}/identification/sessions`, { method: 'POST', body: 'text' })
    assert.equal(created.status, 201)
    assert.equal(proxy.seen.at(-1)?.headers.authorization, `Bearer ${await api.token()}`)
    assert.equal(proxy.tokenRequests(), 1)
    const { apiCalls, tokenRequests } = api.token.stats()
    assert.deepEqual([apiCalls, tokenRequests], [5, 1])
  })

  for (const [what, call, calls] of [
    ['without body', {}, 2],
    ['with text', { method: 'POST', body: 'text' }, resendsText ? 2 : 1],
    ['with a stream', { method: 'POST', body: 'stream' }, 1],
  ] satisfies [string, Call, number][]) {
    test(`${name}: a call ${what} that was refused is sent ${calls === 2 ? 'again with a new token' : 'once'}`, async () => {
      const { api } = await stand.client()
      const send = open(api)
      const old = await api.token()
      proxy.fault = ({ path }) =>
        path !== tokenPath && proxy.apiCalls() === 1
          ? { answer: { status: 401, body: 'old token' } }
          : undefined
      const { status, text } = await send(`${proxy.url}/identification/sessions`, call)
      assert.equal(proxy.apiCalls(), calls)
      if (calls === 1) assert.deepEqual([status, text], [401, 'old token'])
      else assert.ok(status < 300 && text.startsWith('{'))
      assert.notEqual(await api.token(), old)
      assert.equal(proxy.tokenRequests(), 2)
    })
  }

  test(`${name}: an API that refuses every token is asked twice, and its last answer is the answer`, async () => {
    const { api } = await stand.client()
    const send = open(api)
    proxy.fault = ({ path }) =>
      path === tokenPath ? undefined : { answer: { status: 401, body: `no ${proxy.apiCalls()}` } }
    for (const calls of [2, 3, 4])
      assert.deepEqual(await send(`${proxy.url}/signature/documents`), { status: 401, text: `no ${calls}` })
    assert.equal(proxy.tokenRequests(), 2)
  })

  test(`${name}: another origin is refused before anything is sent`, async () => {
    const { api } = await stand.client()
    const refused = await open(api)(`${elsewhere.url}/signature/documents`).catch((error: unknown) => error)
    assert.equal(nameOfCause(refused), 'OriginError')
    assert.deepEqual([proxy.seen.length, elsewhere.seen.length], [0, 0])
  })

  test(`${name}: without a token no API is called`, async () => {
    const { api } = await stand.client({}, { clientSecret: 'wrong' })
    const refused = await open(api)(`${proxy.url}/signature/documents`).catch((error: unknown) => error)
    assert.equal(nameOfCause(refused), 'TokenRequestError')
    assert.equal(proxy.apiCalls(), 0)
  })

  test(`${name}: when no new token can be had, that is the error`, async () => {
    const { api } = await stand.client()
    await api.token()
    proxy.fault = ({ path }) => ({
      answer: { status: path === tokenPath ? 400 : 401, body: '{"error":"invalid_scope"}' },
    })
    const failed = await open(api)(`${proxy.url}/signature/documents`).catch((error: unknown) => error)
    assert.equal(nameOfCause(failed), 'TokenRequestError')
    assert.equal(proxy.apiCalls(), 1)
  })

  test(`${name}: an abort ends the wait for a token`, async () => {
    const { api } = await stand.client()
    const gate = Promise.withResolvers<void>()
    proxy.fault = () => ({ after: gate.promise })
    const impatient = new AbortController()
    const call = open(api)(`${proxy.url}/signature/documents`, { signal: impatient.signal })
    setTimeout(() => impatient.abort(), 20)
    await assert.rejects(call)
    gate.resolve()
    assert.equal(proxy.apiCalls(), 0)
  })

  if (followsRedirects)
    test(`${name}: the token does not go along on a redirect to another origin`, async () => {
      const { api } = await stand.client()
      proxy.fault = ({ path }) =>
        path === tokenPath
          ? undefined
          : { answer: { status: 302, headers: { location: `${elsewhere.url}/` } } }
      await open(api)(`${proxy.url}/moved`).catch(() => undefined)
      for (const { headers } of elsewhere.seen) assert.equal(headers.authorization, undefined)
      assert.ok(elsewhere.seen.length <= 1)
    })
}

test('axios throws a refusal as it always does', async () => {
  const { api } = await stand.client({ scopes: ['document_read', 'event'] })
  const http = axios.create({ baseURL: proxy.url, adapter: latchkeyAdapter(api, axios) })
  assert.equal((await http.get('/signature/documents', { params: { limit: 1 } })).status, 200)
  await assert.rejects(http.get('/identification/sessions'), (error) => {
    assert.ok(axios.isAxiosError(error))
    assert.deepEqual([error.response?.status, error.response?.data.required], [403, 'identify'])
    return true
  })
})

test('axios: a subdomain is another origin, whatever follows the redirect thinks', async () => {
  const [url, location] = ['localhost', 'api.localhost'].map((host) => proxy.url.replace('127.0.0.1', host))
  const { api } = await stand.client({}, { url, fetch: (_, init) => fetch(`${proxy.url}${tokenPath}`, init) })
  const http = axios.create({ adapter: latchkeyAdapter(api, axios), validateStatus: () => true })
  proxy.fault = ({ path }) =>
    path === '/moved' ? { answer: { status: 302, headers: { location: `${location}/there` } } } : undefined
  await http.get(`${url}/moved`, { lookup: (_host, _options, done) => done(null, '127.0.0.1', 4) })
  const [call, redirected] = proxy.seen.filter(({ path }) => path !== tokenPath)
  assert.match(call?.headers.authorization ?? '', /^Bearer /)
  assert.deepEqual([redirected?.path, redirected?.headers.authorization], ['/there', undefined])
})

for (const [form, given] of [
  ['a record', { a: '1', Authorization: 'x', b: ['2', '3'], c: undefined }],
  [
    'pairs',
    [
      ['a', '1'],
      ['AUTHORIZATION', 'x'],
      ['b', '2'],
      ['b', '3'],
    ],
  ],
  ['a flat list', ['a', '1', 'authorization', 'x', 'b', '2', 'b', '3']],
  [
    'a map',
    new Map<string, string | string[]>([
      ['a', '1'],
      ['authorization', 'x'],
      ['b', ['2', '3']],
    ]),
  ],
] as const) {
  test(`undici: headers as ${form} keep their values, but for ours`, () =>
    assert.deepEqual(mergeHeaders(given, { authorization: 'ours' }), {
      a: '1',
      b: ['2', '3'],
      authorization: 'ours',
    }))
}

function nameOfCause(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  return error.name === 'TypeError' ? nameOfCause(error.cause) : error.name
}
