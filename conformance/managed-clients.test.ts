// What an owner does to a client, and how soon it shows at the token endpoint and at the APIs: our own choices.
import assert from 'node:assert/strict'
import { callAccount, createClient, manage } from './account-api.ts'
import { asObject, assertBasicChallenge, assertBearerError, assertError, shown } from './answer.ts'
import { requirement } from './requirement.ts'
import { guardedCallOf, need, type Target } from './target.ts'
import { basic, callGuarded, getToken, postToken, requestBody } from './token-request.ts'

/** How long a change may take to be everywhere. */
const withinMs = 1000

/** Looks until it holds, or the time is over. */
async function holdsWithin(timeoutMs: number, look: () => Promise<boolean>): Promise<boolean> {
  const end = performance.now() + timeoutMs
  do {
    if (await look()) return true
    await new Promise((resolve) => setTimeout(resolve, 50))
  } while (performance.now() < end)
  return look()
}

const scopeOf = (target: Target) => guardedCallOf(target).scope

// RFC 6749 leaves rotation open; without an overlap it costs an outage.
requirement(37, 'two secrets work side by side, a third is refused, a revoked one fails', async (target) => {
  const client = await createClient(target, [scopeOf(target)])
  const path = `/api-clients/${client.clientId}/secrets`
  const added = await manage(target, 'POST', path, { name: 'second' })
  const second = { ...client, clientSecret: String(added.secret) }
  for (const credentials of [client, second]) assert.ok(await getToken(target, client.scopes, credentials))
  const third = await callAccount(target, 'POST', path, { body: { name: 'third' } })
  assert.equal(third.status, 409, shown(third))
  await manage(target, 'POST', `${path}/${client.secretId}/revoke`)
  const fails = async () =>
    (await postToken(target, { authorization: basic(client), body: requestBody(...client.scopes) }))
      .status === 401
  assert.ok(await holdsWithin(withinMs, fails), 'the revoked secret still works')
  assertBasicChallenge(
    await postToken(target, { authorization: basic(client), body: requestBody(...client.scopes) }),
  )
  assert.ok(await getToken(target, client.scopes, second))
})

// RFC 6749 §10.10: what people choose can be guessed.
for (const [what, path, body] of [
  ['a new client', '/api-clients', (secret: string) => ({ name: 'Chosen', secret })],
  ['a new client, within', '/api-clients', (secret: string) => ({ name: 'Chosen', secret: { secret } })],
  [
    'a new client, by its OAuth name',
    '/api-clients',
    (secret: string) => ({ name: 'Chosen', client_secret: secret }),
  ],
  ['a new secret', 'secrets', (secret: string) => ({ name: 'Chosen', secret })],
  ['a new secret, as its value', 'secrets', (secret: string) => ({ name: 'Chosen', value: secret })],
] as const) {
  requirement(43, `nobody chooses the secret of ${what}`, async (target) => {
    const chosen = 'chosen-by-hand-5093-chosen-by-hand-5093-chosen'
    const { clientId } = await createClient(target, [scopeOf(target)])
    const place = path === 'secrets' ? `/api-clients/${clientId}/secrets` : path
    const answer = await callAccount(target, 'POST', place, { body: body(chosen) })
    assert.equal(answer.status, 400, shown(answer))
    assert.equal(answer.text.includes(chosen), false, 'it is not repeated')
  })
}

requirement(52, 'a scope that is taken away is absent from the next token', async (target) => {
  const taken = scopeOf(target)
  const kept = need(
    target.client.scopes.find((scope) => scope !== taken),
    'second scope',
  )
  const client = await createClient(target, [kept, taken])
  assert.ok(await getToken(target, [kept, taken], client))
  await manage(target, 'PATCH', `/api-clients/${client.clientId}`, { scopes: [kept] })
  const ask = () => postToken(target, { authorization: basic(client), body: requestBody(kept, taken) })
  assert.ok(await holdsWithin(withinMs, async () => (await ask()).status === 400), 'it is still given')
  assertError(await ask(), 400, 'invalid_scope')
  assert.ok(await getToken(target, [kept], client))
})

requirement(
  85,
  'tokens from before a client was disabled are dead, also when it is enabled again',
  async (target) => {
    const call = guardedCallOf(target)
    const client = await createClient(target, [call.scope])
    const old = `Bearer ${await getToken(target, [call.scope], client)}`
    assert.notEqual((await callGuarded(call, old)).status, 401)
    const post = { authorization: basic(client), body: requestBody(call.scope) }
    await manage(target, 'POST', `/api-clients/${client.clientId}/disable`)
    const refused = async () => (await callGuarded(call, old)).status === 401
    assert.ok(await holdsWithin(5000, refused), 'the token of a disabled client is still accepted')
    assertBasicChallenge(await postToken(target, post))
    // RFC 7519 §4.1.6: iat has whole seconds; a token of the same second could be from before.
    target.advanceClock?.(2000)
    if (!target.advanceClock) await new Promise((resolve) => setTimeout(resolve, 2000))
    await manage(target, 'POST', `/api-clients/${client.clientId}/enable`)
    assert.ok(await holdsWithin(withinMs, async () => (await postToken(target, post)).status === 200))
    assertBearerError(await callGuarded(call, old), 401, 'invalid_token')
    const fresh = `Bearer ${await getToken(target, [call.scope], client)}`
    assert.notEqual((await callGuarded(call, fresh)).status, 401)
  },
)

for (const [what, wrong, status] of [
  ['a granted token request', false, 200],
  ['a refused one', true, 401],
] as const) {
  requirement(23, `the owner finds ${what} by its Request-Id within 5 s`, async (target) => {
    const client = await createClient(target, [scopeOf(target)])
    const credentials = wrong ? { ...client, clientSecret: `${client.clientSecret}x` } : client
    const answer = await postToken(target, {
      authorization: basic(credentials),
      body: requestBody(...client.scopes),
    })
    assert.equal(answer.status, status, shown(answer))
    const requestId = need(answer.headers.get('request-id') ?? undefined, 'Request-Id')
    let found = await callAccount(target, 'GET', `/activity/${requestId}`)
    await holdsWithin(5000, async () => {
      found = await callAccount(target, 'GET', `/activity/${requestId}`)
      return found.status === 200
    })
    assert.equal(found.status, 200, shown(found))
    assert.deepEqual(
      [found.body.requestId, found.body.clientId, found.body.status],
      [requestId, client.clientId, status],
    )
  })
}

requirement(23, 'every answer has a Request-Id of its own', async (target) => {
  const answers = await Promise.all([
    postToken(target),
    postToken(target, { authorization: null }),
    callGuarded(guardedCallOf(target), undefined),
    callAccount(target, 'GET', '/api-clients'),
    callAccount(target, 'GET', '/api-clients/test-nobody-here-000'),
  ])
  const ids = answers.map((answer) => answer.headers.get('request-id'))
  assert.ok(
    ids.every((id) => id !== null && id.length >= 16),
    String(ids),
  )
  assert.equal(new Set(ids).size, ids.length)
  assert.equal(asObject(answers.at(-1)?.body).requestId, ids.at(-1))
})
