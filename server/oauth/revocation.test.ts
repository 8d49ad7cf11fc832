import assert from 'node:assert/strict'
import { test } from 'node:test'
import { disableClient, enableClient } from '../clients/revocations.ts'
import { testDialects } from '../testing/database.ts'
import { createWorld, type TestClient, tokenRequest, type World } from '../testing/world.ts'

const post = (
  world: World,
  client: TestClient,
  path: string,
  form: Record<string, string>,
  headers: Record<string, string> = {},
) => {
  const request = tokenRequest(client, new URLSearchParams(form).toString())
  return world.inject({
    ...request,
    url: `/oauth/connect/${path}`,
    headers: { ...request.headers, ...headers },
  })
}
const revoke = (world: World, client: TestClient, form: Record<string, string>) =>
  post(world, client, 'revocation', form)
const introspect = async (world: World, client: TestClient, token: string) =>
  (await post(world, client, 'introspect', { token })).json()
const call = async (world: World, token: string) =>
  (await world.inject({ url: '/notification/events', headers: { authorization: `Bearer ${token}` } }))
    .statusCode

for (const dialect of testDialects) {
  test(`${dialect}: a revoked token is dead at once at our APIs and in introspection, and others live`, async () => {
    const world = await createWorld({ dialect })
    const client = await world.makeClient()
    const [dead, alive] = [await world.token(['event'], client), await world.token(['event'], client)]
    assert.deepEqual([await call(world, dead), await call(world, alive)], [200, 200])
    const answer = await revoke(world, client, { token: dead })
    assert.deepEqual([answer.statusCode, answer.body, answer.headers['cache-control']], [200, '', 'no-store'])
    assert.equal((await revoke(world, client, { token: dead })).statusCode, 200, 'again')
    assert.deepEqual([await call(world, dead), await call(world, alive)], [401, 200])
    assert.deepEqual(await introspect(world, client, dead), { active: false })
    assert.equal((await introspect(world, client, alive)).active, true)
    await world.close()
  })

  test(`${dialect}: all tokens of a client die together, and the next one lives`, async () => {
    const world = await createWorld({ dialect })
    const client = await world.makeClient()
    const before = [await world.token(['event'], client), await world.token(['event'], client)]
    assert.equal((await revoke(world, client, { all_tokens: 'true' })).statusCode, 200)
    assert.deepEqual(await Promise.all(before.map((token) => call(world, token))), [401, 401])
    world.clock.advance(1)
    assert.equal(await call(world, await world.token(['event'], client)), 200)
    await world.close()
  })

  test(`${dialect}: tokens of a disabled client die, also when it is enabled again`, async () => {
    const world = await createWorld({ dialect })
    const client = await world.makeClient()
    const token = await world.token(['event'], client)
    const { db } = world.database
    const known = { id: client.clientId, environment: 'test' } as const
    await disableClient(db, known, world.clock.now())
    await world.app.changes.poll()
    assert.equal(await call(world, token), 401)
    assert.deepEqual(await introspect(world, await world.makeClient(), token), { active: false })
    await enableClient(db, known, world.clock.now())
    await world.app.changes.poll()
    world.clock.advance(1)
    assert.equal(await call(world, token), 401)
    assert.equal(await call(world, await world.token(['event'], client)), 200)
    await world.close()
  })
}

test("another client's token is refused and stays valid", async () => {
  const world = await createWorld()
  const [owner, other] = [await world.makeClient(), await world.makeClient()]
  const token = await world.token(['event'], owner)
  const answer = await revoke(world, other, { token })
  assert.deepEqual([answer.statusCode, answer.json().error], [400, 'invalid_grant'])
  assert.equal(await call(world, token), 200)
  await world.close()
})

for (const [name, form, status] of [
  ['nonsense', { token: 'nonsense' }, 200],
  ['a secret', { token: `lk_test_abcdefgh_${'x'.repeat(49)}` }, 200],
  ['a wrong hint', { token: 'a.b.c', token_type_hint: 'refresh_token' }, 200],
  ['nothing', {}, 400],
  ['an empty token', { token: '' }, 400],
] as const) {
  test(`revoking ${name} answers ${status}`, async () => {
    const world = await createWorld()
    assert.equal((await revoke(world, await world.makeClient(), form)).statusCode, status)
    await world.close()
  })
}

test('an expired token is as revoked as can be', async () => {
  const world = await createWorld()
  const client = await world.makeClient()
  const token = await world.token(['event'], client)
  world.clock.advance(3_700_000)
  assert.equal((await revoke(world, client, { token })).statusCode, 200)
  assert.deepEqual(await world.database.db.selectFrom('revocation').selectAll().execute(), [])
  await world.close()
})

test('the feed names what was revoked in the environment of a resource server, and nobody else may read it', async () => {
  const world = await createWorld()
  const [server, client] = [await world.makeClient(), await world.makeClient()]
  await world.database.db
    .updateTable('api')
    .set({ resource_servers: JSON.stringify([server.clientId]) })
    .where('id', '=', 'notification')
    .execute()
  await world.app.catalogue.reload()
  const token = await world.token(['event'], client)
  await revoke(world, client, { token })
  await revoke(world, client, { all_tokens: 'true' })
  const production = await world.makeClient({ environment: 'production' })
  await revoke(world, production, { all_tokens: 'true' })
  const read = (who: TestClient, after: number) =>
    world.inject({
      url: `/oauth/connect/revocations?after=${after}`,
      headers: { authorization: tokenRequest(who, '').headers?.authorization ?? '' },
    })
  const first = (await read(server, 0)).json()
  const jti = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).jti
  assert.deepEqual(
    first.revocations.map((entry: Record<string, unknown>) => [entry.kind, entry.clientId, entry.tokenId]),
    [
      ['token', client.clientId, jti],
      ['client', client.clientId, null],
    ],
  )
  world.clock.advance(11_000)
  assert.deepEqual((await read(server, first.next)).json(), { revocations: [], next: first.next })
  assert.equal((await read(client, 0)).statusCode, 400)
  assert.equal((await world.inject({ url: '/oauth/connect/revocations' })).statusCode, 401)
  await world.close()
})

test('introspection tells the client of a token and the resource servers of its audience, nobody else', async () => {
  const world = await createWorld()
  const [owner, server, stranger] = [
    await world.makeClient(),
    await world.makeClient(),
    await world.makeClient(),
  ]
  const foreign = await world.makeClient({ environment: 'production' })
  await world.database.db
    .updateTable('api')
    .set({ resource_servers: JSON.stringify([server.clientId, foreign.clientId]) })
    .where('id', '=', 'notification')
    .execute()
  await world.app.catalogue.reload()
  const token = await world.token(['event', 'document_read'], owner)
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
  for (const caller of [owner, server])
    assert.deepEqual(await introspect(world, caller, token), {
      active: true,
      token_type: 'Bearer',
      ...claims,
    })
  for (const caller of [stranger, foreign])
    assert.deepEqual(await introspect(world, caller, token), { active: false })
  for (const text of [owner.clientSecret, 'nonsense', `${token.slice(0, -4)}AAAA`])
    assert.deepEqual(await introspect(world, owner, text), { active: false })
  world.clock.advance(3_700_000)
  assert.deepEqual(await introspect(world, owner, token), { active: false })
  await world.close()
})

test('a signed introspection answer verifies by the published keys and is no access token', async () => {
  const world = await createWorld()
  const { createLocalJWKSet, jwtVerify } = await import('jose')
  const client = await world.makeClient()
  const token = await world.token(['event'], client)
  const answer = await post(
    world,
    client,
    'introspect',
    { token },
    { accept: 'application/token-introspection+jwt' },
  )
  assert.equal(answer.headers['content-type'], 'application/token-introspection+jwt')
  const keys = createLocalJWKSet((await world.inject({ url: '/oauth/jwks' })).json())
  const options = {
    typ: 'token-introspection+jwt',
    issuer: `${world.url}/oauth`,
    audience: client.clientId,
    currentDate: new Date(world.clock.now()),
  }
  const { payload } = await jwtVerify(answer.body, keys, options)
  assert.deepEqual(
    [Object(payload.token_introspection).active, payload.exp, payload.sub],
    [true, undefined, undefined],
  )
  assert.equal(await call(world, answer.body), 401)
  await world.close()
})
