// What is kept of a token request and of a guarded call, member by member.
import assert from 'node:assert/strict'
import { hostname } from 'node:os'
import { test } from 'node:test'
import { dialectsOfRun } from '../testing/database.ts'
import { basic, createWorld, type TestClient, tokenRequest, type World } from '../testing/world.ts'
import type { ActivityEntry } from './entry.ts'

const form = (scope: string) => `grant_type=client_credentials&scope=${scope}`

async function entryOf(world: World, answer: { headers: Record<string, unknown> }) {
  await world.app.recorder.flush()
  const entry = await world.app.activity.find('deployment', String(answer.headers['request-id']))
  assert.ok(entry, 'it is found by its request id')
  return entry
}

function withoutMeasures({ durationMs, ...entry }: ActivityEntry) {
  assert.ok(durationMs >= 0 && durationMs < 10_000)
  return entry
}

async function secretIdOf(world: World, { clientId }: TestClient): Promise<string> {
  const rows = world.database.db.selectFrom('client_secret').select('id').where('client_id', '=', clientId)
  return (await rows.executeTakeFirstOrThrow()).id
}

for (const dialect of dialectsOfRun) {
  test(`${dialect}: a granted token request is kept with who, what, from where and by which secret`, async () => {
    const world = await createWorld({ dialect })
    const client = await world.makeClient({ scopes: ['event', 'identify'], accountId: 'acme' })
    const request = tokenRequest(client, form('identify+event'))
    const answer = await world.inject({
      ...request,
      headers: { ...request.headers, host: 'Auth.Example:8443', 'user-agent': 'orders/1.2' },
      remoteAddress: '203.0.113.7',
    })
    assert.equal(answer.statusCode, 200)
    assert.deepEqual(withoutMeasures(await entryOf(world, answer)), {
      id: answer.headers['request-id'],
      at: world.clock.now(),
      kind: 'token_request',
      accountId: 'acme',
      environment: 'test',
      clientId: client.clientId,
      secretId: await secretIdOf(world, client),
      scopes: 'event identify',
      requiredScope: null,
      operation: 'POST /oauth/connect/token',
      status: 200,
      error: null,
      reason: null,
      address: '203.0.113.7',
      userAgent: 'orders/1.2',
      host: 'auth.example',
      node: hostname(),
    })
    await world.close()
  })

  test(`${dialect}: a refused token request is kept with what was asked for, the code and the reason`, async () => {
    const world = await createWorld({ dialect })
    const client = await world.makeClient({ scopes: ['event'], environment: 'production' })
    const answer = await world.inject(tokenRequest(client, form('identify')))
    const entry = await entryOf(world, answer)
    assert.deepEqual(
      [entry.accountId, entry.environment, entry.clientId, entry.scopes, entry.status, entry.error],
      ['acme', 'production', client.clientId, 'identify', 400, 'invalid_scope'],
    )
    assert.match(entry.reason ?? '', /^This client may not request identify\./)
    assert.equal(entry.secretId, await secretIdOf(world, client))
    await world.close()
  })

  test(`${dialect}: a granted call is kept with its operation and the scopes of its token`, async () => {
    const world = await createWorld({ dialect })
    const client = await world.makeClient()
    const token = await world.token(['document_read', 'event'], client)
    const answer = await world.inject({
      url: '/signature/documents?limit=3',
      headers: { authorization: `Bearer ${token}`, 'user-agent': 'curl/8' },
      remoteAddress: '2001:db8::7',
    })
    assert.equal(answer.statusCode, 200)
    assert.deepEqual(withoutMeasures(await entryOf(world, answer)), {
      id: answer.headers['request-id'],
      at: world.clock.now(),
      kind: 'api_call',
      accountId: 'acme',
      environment: 'test',
      clientId: client.clientId,
      secretId: null,
      scopes: 'document_read event',
      requiredScope: 'document_read',
      operation: 'GET /signature/documents',
      status: 200,
      error: null,
      reason: null,
      address: '2001:db8::7',
      userAgent: 'curl/8',
      host: 'localhost',
      node: hostname(),
    })
    await world.close()
  })

  test(`${dialect}: refused calls are kept for the owner of the token, those with a forged one for nobody`, async () => {
    const world = await createWorld({ dialect })
    const client = await world.makeClient({ tokenLifetimeSeconds: 60 })
    const token = await world.token(['event'], client)
    const owned = ['acme', 'test', client.clientId, 'event', 'document_read']
    const nobodys = [null, null, null, '', 'document_read']
    const call = async (authorization: string | undefined, url = '/signature/documents') => {
      const answer = await world.inject({ url, headers: authorization ? { authorization } : {} })
      const entry = await entryOf(world, answer)
      const { accountId, environment, clientId, scopes, requiredScope, status, error, reason } = entry
      assert.equal(answer.statusCode, status)
      return { whose: [accountId, environment, clientId, scopes, requiredScope], status, error, reason }
    }

    const lacks = await call(`Bearer ${token}`)
    assert.deepEqual([lacks.whose, lacks.status, lacks.error], [owned, 403, 'insufficient_scope'])
    assert.match(lacks.reason ?? '', /^This call needs document_read\. Your token has event\./)

    const broken = await call(`Bearer ${token.slice(0, -4)}AAAA`)
    assert.deepEqual([broken.whose, broken.status, broken.error], [nobodys, 401, 'invalid_token'])
    const missing = await call(undefined)
    assert.deepEqual([missing.whose, missing.status, missing.error], [nobodys, 401, 'missing_token'])
    const account = await call(`Bearer ${token}`, '/account')
    assert.deepEqual(account.whose, [...owned.slice(0, 4), 'account_read'])

    world.clock.advance(102_000)
    const expired = await call(`Bearer ${token}`)
    assert.deepEqual([expired.whose, expired.status, expired.error], [owned, 401, 'invalid_token'])
    assert.match(expired.reason ?? '', /^The token expired 42 seconds ago\./)
    const forged = await call(`Bearer ${token.slice(0, -4)}AAAA`)
    assert.deepEqual(forged.whose, nobodys)
    await world.close()
  })
}

test('what a caller calls itself is kept as data, bounded, without what may be a secret or a token', async () => {
  const world = await createWorld()
  const client = await world.makeClient({ scopes: ['event'] })
  const token = await world.token(['event'], client)
  const { clientSecret } = client
  const hostile = `<img src=x onerror=alert(1)> ${clientSecret} Bearer ${token} ${'x'.repeat(5000)}`
  const request = tokenRequest(client, form('event'))
  const answer = await world.inject({
    ...request,
    headers: { ...request.headers, 'user-agent': hostile, host: `${'a'.repeat(300)}.example` },
  })
  const entry = await entryOf(world, answer)
  assert.equal(
    entry.userAgent?.startsWith('<img src=x onerror=alert(1)> [credential] Bearer [credential] x'),
    true,
  )
  assert.ok((entry.userAgent?.length ?? 0) <= 300 && entry.host.length <= 255)
  await world.close()
})

test('a secret or a token is in no entry, wherever the caller put it', async () => {
  const world = await createWorld()
  const client = await world.makeClient({ scopes: ['event'] })
  const token = await world.token(['event'], client)
  const { clientId, clientSecret } = client
  const swapped = { clientId: clientSecret, clientSecret: clientId }
  const post = (headers: Record<string, string>, payload: string) =>
    world.inject({
      method: 'POST',
      url: '/oauth/connect/token',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      payload,
    })
  const authorization = basic(client)
  await world.inject(tokenRequest(swapped, form('event')))
  await world.inject(tokenRequest({ clientId: token, clientSecret }, form('event')))
  await world.inject(tokenRequest({ clientId, clientSecret: token }, form('event')))
  await world.inject(tokenRequest({ clientId, clientSecret: `${clientSecret}\n` }, form('event')))
  await world.inject(tokenRequest(client, form(clientSecret)))
  await world.inject(tokenRequest(client, form(token)))
  await world.inject(tokenRequest(client, `${form('event')}&resource=${clientSecret}`))
  await post({}, `client_id=${clientSecret}&${form('event')}`)
  await post(
    { authorization, 'user-agent': clientSecret, host: `${clientSecret.toLowerCase()}.example` },
    form('event'),
  )
  await world.inject({
    url: `/signature/documents/${clientSecret}`,
    headers: { authorization: `Bearer ${token}` },
  })
  await world.inject({ url: '/signature/documents', headers: { authorization: `Bearer ${clientSecret}` } })
  await world.inject({
    url: `/signature/documents?access_token=${token}`,
    headers: { authorization: `Bearer ${token}x` },
  })
  await world.app.recorder.flush()
  const entries = await world.app.activity.page({ of: 'deployment' }, { limit: 100, belowId: undefined })
  assert.equal(entries.length, 13)
  const text = JSON.stringify(entries).toLowerCase()
  for (const canary of [
    clientSecret.slice(0, 30),
    clientSecret.slice(-20),
    token.slice(0, 20),
    token.slice(-20),
  ])
    assert.equal(text.includes(canary.toLowerCase()), false)
  await world.close()
})
