import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { inspect } from 'node:util'
import { InsufficientScopeError, TokenRefusedError } from '../errors.ts'
import { tokenPath } from '../testing/fault-proxy.ts'
import { createStand } from '../testing/stand.ts'
import { refusalOf } from './refusal.ts'

const stand = await createStand()
const { proxy } = stand
beforeEach(() => proxy.reset())
after(() => stand.close())

test('a 403 is an answer, never retried; errorFrom makes the typed error of it', async () => {
  const { api, settings } = await stand.client({ scopes: ['document_read', 'event'] })
  const response = await api.fetch('/identification/sessions')
  assert.equal(response.status, 403)
  assert.deepEqual([proxy.tokenRequests(), proxy.apiCalls()], [1, 1])
  const error = await api.errorFrom(response)
  assert.ok(error instanceof InsufficientScopeError)
  const { required, granted, clientId, environment, requestId, fixUrl } = error
  assert.deepEqual(
    { required, granted, clientId, environment, requestId },
    {
      required: ['identify'],
      granted: ['document_read', 'event'],
      clientId: settings.clientId,
      environment: 'test',
      requestId: response.headers.get('request-id'),
    },
  )
  assert.match(fixUrl ?? '', /\/test\/account\/api-clients\/test-[a-z]+-[a-z]+-\d+\/edit\?.*scope=identify/)
  assert.ok(fixUrl && error.message.includes(fixUrl))
  const problem = await response.json()
  assert.equal(problem.status, 403)
})

test('a production client is told so', async () => {
  const { api } = await stand.client({ environment: 'production', scopes: ['event'] })
  const error = await api.errorFrom(await api.fetch('/identification/sessions'))
  assert.ok(error instanceof InsufficientScopeError)
  assert.equal(error.environment, 'production')
})

test('throwOnRefusal throws it', async () => {
  const { api } = await stand.client({ scopes: ['event'] }, { throwOnRefusal: true })
  await assert.rejects(api.fetch('/identification/sessions'), {
    name: 'InsufficientScopeError',
    required: ['identify'],
  })
  assert.equal((await api.fetch('/notification/events')).status, 200)
})

test('a 401 that a new token does not end is a TokenRefusedError', async () => {
  const { api } = await stand.client({}, { throwOnRefusal: true })
  const answer = { status: 401, headers: { 'request-id': 'req_7' }, body: '{"detail":"Wrong audience."}' }
  proxy.fault = ({ path }) => (path === tokenPath ? undefined : { answer })
  await assert.rejects(api.fetch('/signature/documents'), {
    name: 'TokenRefusedError',
    detail: 'Wrong audience.',
    requestId: 'req_7',
  })
  assert.deepEqual([proxy.tokenRequests(), proxy.apiCalls()], [2, 2])
})

const challenge = 'Bearer realm="x", error="insufficient_scope", scope="orders_read orders_write"'
for (const [name, response, expected] of [
  ['200', new Response('{}'), undefined],
  ['404', new Response(null, { status: 404 }), undefined],
  ['403 of something else', new Response('Blocked', { status: 403 }), undefined],
  ['401 without a body', new Response(null, { status: 401 }), TokenRefusedError],
  [
    '403 with a challenge alone',
    new Response(null, { status: 403, headers: { 'www-authenticate': challenge } }),
    InsufficientScopeError,
  ],
] as const) {
  test(`errorFrom on ${name}: ${expected?.name ?? 'undefined'}`, async () => {
    const error = await refusalOf(response, 'billing')
    assert.equal(error?.constructor, expected)
    if (!(error instanceof InsufficientScopeError)) return
    assert.deepEqual([error.required, error.granted], [['orders_read', 'orders_write'], []])
    assert.deepEqual([error.environment, error.fixUrl], [undefined, undefined])
  })
}

test('a body that was read already still gives an error, of the headers alone', async () => {
  const response = new Response('{}', { status: 403, headers: { 'www-authenticate': challenge } })
  await response.text()
  assert.ok((await refusalOf(response, 'billing')) instanceof InsufficientScopeError)
})

test('an API that repeats what it was sent puts neither token nor secret into the error', async () => {
  const { api } = await stand.client()
  const token = await api.token()
  const secret = 'lk_test_ABCDEFGH_canary-canary-canary-canary'
  for (const [status, challenge] of [
    [401, 'Bearer error="invalid_token"'],
    [403, 'Bearer error="insufficient_scope", scope="x"'],
  ] as const)
    for (const detail of [`Bad header Bearer ${token}`, `${'.'.repeat(990)}${token}`, `It was ${secret}`]) {
      const problem = {
        detail,
        required: token,
        granted: [token],
        requestId: token,
        fixUrl: `https://x.example/${token}`,
      }
      const answer = new Response(JSON.stringify(problem), {
        status,
        headers: { 'www-authenticate': challenge },
      })
      const error = await refusalOf(answer, 'test-a-b-1')
      const shown = `${error?.message} ${JSON.stringify(error)} ${inspect(error, { depth: 12 })}`
      assert.ok(error)
      assert.doesNotMatch(shown, /eyJ|canary/)
    }
})
