// PATCH /account/:environment/api-clients/:clientId.
import assert from 'node:assert/strict'
import { createServer } from 'node:https'
import { test } from 'node:test'
import { clientTrail, makeAccountCaller } from '../testing/account-caller.ts'
import { type AssertionKey, assertionClaims, assertionForm, makeAssertionKey } from '../testing/assertions.ts'
import { dialectsOfRun } from '../testing/database.ts'
import { listenLocally } from '../testing/listen.ts'
import { makeCertificate } from '../testing/make-certificate.ts'
import { createWorld, tokenRequest } from '../testing/world.ts'

for (const dialect of dialectsOfRun) {
  test(`${dialect}: a change names what it changes; the trail has exactly that`, async () => {
    const world = await createWorld({ dialect })
    const { call, client: manager } = await makeAccountCaller(world)
    const made = (await call('POST', '/api-clients', { name: 'a', scopes: ['event'] })).body
    const path = `/api-clients/${made.client.id}`
    world.clock.advance(1000)
    const changed = await call(
      'PATCH',
      path,
      { scopes: ['identify', 'event'], description: 'b' },
      { 'if-match': '"1"' },
    )
    assert.equal(changed.status, 200, changed.text)
    assert.equal(changed.etag, '"2"')
    const { effectiveOn, ...client } = changed.body
    assert.deepEqual([effectiveOn.live, effectiveOn.missing], [1, []])
    assert.deepEqual(client, {
      ...made.client,
      scopes: ['identify', 'event'],
      description: 'b',
      updatedAt: new Date(world.clock.now()).toISOString(),
    })
    assert.deepEqual((await call('GET', path)).body, client)
    assert.deepEqual((await clientTrail(world)).at(-1), {
      action: 'client.changed',
      id: made.client.id,
      version: 2,
      by: `client ${manager.clientId}`,
      before: { description: '', scopes: ['event'] },
      after: { description: 'b', scopes: ['identify', 'event'] },
    })
    const token = { clientId: made.client.id, clientSecret: made.secret.secret }
    const answer = await world.inject(tokenRequest(token, 'grant_type=client_credentials&scope=identify'))
    assert.equal(answer.statusCode, 200)
    await world.close()
  })

  test(`${dialect}: a change that changes nothing makes no version and no entry`, async () => {
    const world = await createWorld({ dialect })
    const { call } = await makeAccountCaller(world)
    const body = { name: 'a', scopes: ['event', 'identify'], allowedNetworks: ['127.0.0.0/8', '10.0.0.0/8'] }
    const { client } = (await call('POST', '/api-clients', body)).body
    const same = {
      ...body,
      scopes: ['identify', 'event'],
      allowedNetworks: ['10.0.0.0/8', '127.0.0.0/8'],
      jwks: null,
    }
    const answer = await call('PATCH', `/api-clients/${client.id}`, same, { 'if-match': '"1"' })
    assert.deepEqual([answer.status, answer.etag, answer.body], [200, '"1"', client])
    assert.equal((await clientTrail(world)).length, 2)
    await world.close()
  })

  test(`${dialect}: of two changes at once exactly one wins, and the other is told what it did`, async () => {
    const world = await createWorld({ dialect })
    const { call, client: manager } = await makeAccountCaller(world)
    const { client } = (await call('POST', '/api-clients', { name: 'a' })).body
    const path = `/api-clients/${client.id}`
    for (let round = 0; round < 5; round += 1) {
      const seen = (await call('GET', path)).etag
      const names = [1, 2, 3, 4].map((index) => `round ${round} by ${index}`)
      const answers = await Promise.all(
        names.map((name) => call('PATCH', path, { name }, { 'if-match': seen })),
      )
      const statuses = answers.map(({ status }) => status)
      assert.deepEqual(statuses.toSorted(), [200, 412, 412, 412])
      const winner = names[statuses.indexOf(200)]
      assert.equal((await call('GET', path)).body.name, winner)
      const lost = answers[statuses.indexOf(412)]
      assert.equal(lost?.body.version, round + 2)
      assert.equal(lost?.etag, `"${round + 2}"`)
      assert.deepEqual(
        lost?.body.changes.map((change: { action: string; by: string; after: object }) => [
          change.action,
          change.by,
          change.after,
        ]),
        [['client.changed', `client ${manager.clientId}`, { name: winner }]],
      )
    }
    await world.close()
  })

  test(`${dialect}: changes at once that overwrite whatever is there are all made, one after the other`, async () => {
    const world = await createWorld({ dialect })
    const { call } = await makeAccountCaller(world)
    const { client } = (await call('POST', '/api-clients', { name: 'a' })).body
    const path = `/api-clients/${client.id}`
    const answers = await Promise.all([
      call('PATCH', path, { name: 'b' }, { 'if-match': '*' }),
      call('PATCH', path, { description: 'c' }, { 'if-match': '*' }),
      call('PATCH', path, { scopes: ['event'] }, { 'if-match': '*' }),
    ])
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 200],
    )
    const { name, description, scopes } = (await call('GET', path)).body
    assert.deepEqual([name, description, scopes], ['b', 'c', ['event']])
    assert.deepEqual(
      (await clientTrail(world)).slice(2).map(({ version }) => version),
      [2, 3, 4],
    )
    await world.close()
  })
}

const key = makeAssertionKey('ES256', 'k1')

type Row = readonly [
  what: string,
  body: object,
  headers: Record<string, string>,
  status: number,
  detail: RegExp,
]
const seen = { 'if-match': '"1"' }

const rows: readonly Row[] = [
  ['without If-Match', { name: 'b' }, {}, 428, /If-Match/],
  ['with a foreign ETag', { name: 'b' }, { 'if-match': 'W/"1"' }, 400, /ETag/],
  ['of an old state', { name: 'b' }, { 'if-match': '"0"' }, 412, /changed meanwhile/],
  ['of nothing', {}, seen, 400, /fewer than 1/],
  ['of its id', { id: 'test-b-b-100' }, seen, 400, /id is not a member/],
  ['of its account', { accountId: 'globex' }, seen, 400, /accountId is not a member/],
  ['of its environment', { environment: 'production' }, seen, 400, /environment is not a member/],
  ['of its version', { version: 9 }, seen, 400, /version is not a member/],
  ['of when it was disabled', { disabledAt: null }, seen, 400, /disabledAt is not a member/],
  ['of its secrets', { secrets: [] }, seen, 400, /secrets is not a member/],
  ['of the name to none', { name: null }, seen, 400, /name/],
  ['of the name to a number', { name: 5 }, seen, 400, /name/],
  ['to an unknown scope', { scopes: ['event', 'nope'] }, seen, 422, /nope is unknown/],
  ['to a reserved scope', { scopes: ['event', 'account_write'] }, seen, 403, /may not give/],
  ['to keys that it lacks', { authenticationMethods: ['private_key_jwt'] }, seen, 422, /needs a public key/],
  ['to a network of everything', { allowedNetworks: ['::/0'] }, seen, 422, /allowedNetworks\.0/],
]

test('what cannot be changed is refused with a clear answer, and nothing is changed', async () => {
  const world = await createWorld()
  const { call } = await makeAccountCaller(world)
  const made = (await call('POST', '/api-clients', { name: 'a', scopes: ['event'] })).body.client
  const path = `/api-clients/${made.id}`
  for (const [what, body, headers, status, detail] of rows) {
    const answer = await call('PATCH', path, body, headers)
    assert.equal(answer.status, status, `a change ${what}: ${answer.text}`)
    assert.match(answer.body.detail, detail, what)
  }
  assert.deepEqual((await call('GET', path)).body, made)
  assert.equal((await clientTrail(world)).length, 2)
  await world.close()
})

test('a client of another account or environment cannot be changed, and a deleted one not either', async () => {
  const world = await createWorld()
  const own = await makeAccountCaller(world)
  const other = await makeAccountCaller(world, { accountId: 'globex' })
  const production = await world.makeClient({ environment: 'production' })
  for (const id of [other.client.clientId, production.clientId, 'test-no-such-100'])
    assert.equal(
      (await own.call('PATCH', `/api-clients/${id}`, { name: 'b' }, { 'if-match': '*' })).status,
      404,
    )
  const { client } = (await own.call('POST', '/api-clients', { name: 'a' })).body
  await own.call('DELETE', `/api-clients/${client.id}`)
  const answer = await own.call('PATCH', `/api-clients/${client.id}`, { name: 'b' }, { 'if-match': '*' })
  assert.deepEqual([answer.status, /restore/.test(answer.body.detail)], [409, true])
  await world.close()
})

test('keys are exchanged for published ones and back; the trail has thumbprints alone', async () => {
  const world = await createWorld()
  const { call } = await makeAccountCaller(world)
  const made = await call('POST', '/api-clients', {
    name: 'a',
    authenticationMethods: ['private_key_jwt'],
    jwks: { keys: [key.jwk] },
  })
  const path = `/api-clients/${made.body.client.id}`
  const none = await call('PATCH', path, { jwks: null }, { 'if-match': '*' })
  assert.deepEqual([none.status, /needs a public key/.test(none.body.detail)], [422, true])
  const published = await call('PATCH', path, { jwksUri: 'https://acme.example/jwks' }, { 'if-match': '*' })
  assert.deepEqual([published.body.jwks, published.body.jwksUri], [null, 'https://acme.example/jwks'])
  const back = await call('PATCH', path, { jwks: { keys: [key.jwk] } }, { 'if-match': '*' })
  assert.deepEqual([back.body.jwks, back.body.jwksUri], [{ keys: [key.jwk] }, null])
  const text = JSON.stringify(await clientTrail(world))
  assert.ok(!text.includes(String(key.jwk.x)))
  assert.match(text, /"thumbprint":"[\w-]{43}"/)
  await world.close()
})

test('keys that a client publishes are fetched when their address is set, also when it was set a moment before', async () => {
  const authority = makeCertificate({ isAuthority: true, subject: [{ CN: 'authority' }] })
  const own = makeCertificate({ issuer: authority, names: ['DNS:keys.acme.example'] })
  const [first, second] = [makeAssertionKey('ES256', 'first'), makeAssertionKey('ES256', 'second')]
  const publish = createServer({ key: own.keyPem, cert: own.pem }, ({ url }, response) =>
    response.end(JSON.stringify({ keys: [url === '/first' ? first.jwk : second.jwk] })),
  )
  const address = `https://keys.acme.example:${await listenLocally(publish)}`
  const world = await createWorld({
    outbound: { allowLoopback: true, authorities: authority.pem, resolve: async () => ['127.0.0.1'] },
  })
  const { call } = await makeAccountCaller(world)
  const made = await call('POST', '/api-clients', {
    name: 'a',
    scopes: ['document_read'],
    authenticationMethods: ['private_key_jwt'],
    jwksUri: `${address}/first`,
  })
  const clientId = made.body.client.id
  assert.equal(await tokenBy(first, 'first'), 200)
  const path = `/api-clients/${clientId}`
  const changed = await call('PATCH', path, { jwksUri: `${address}/second` }, { 'if-match': '"1"' })
  assert.equal(changed.status, 200, changed.text)
  assert.equal(await tokenBy(second, 'second'), 200)
  publish.close()
  publish.closeAllConnections()
  await world.close()

  /** The fetch began with the answer: nothing else brings it about. @returns the status of a token request after it. */
  async function tokenBy(key: AssertionKey, kid: string): Promise<number> {
    const startedAt = performance.now()
    for (let found = ''; !found.includes(`"${kid}"`); ) {
      assert.ok(performance.now() - startedAt < 20_000, 'the keys were not fetched')
      const { db } = world.database
      const row = db.selectFrom('client').select('fetched_jwks').where('id', '=', clientId)
      found = (await row.executeTakeFirstOrThrow()).fetched_jwks ?? ''
      await new Promise((resolve) => setImmediate(resolve))
    }
    await world.app.changes.poll()
    const claims = assertionClaims(clientId, `${world.url}/oauth`, world.clock.now())
    const answer = await world.inject({
      method: 'POST',
      url: '/oauth/connect/token',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: assertionForm(key.sign({}, claims)),
    })
    return answer.statusCode
  }
})

test('who lacks a reserved scope cannot put his own key on a client that has it', async () => {
  const world = await createWorld()
  const { call } = await makeAccountCaller(world, { scopes: ['account_write'] })
  const target = await world.makeClient({ scopes: ['account_read', 'account_write'] })
  const path = `/api-clients/${target.clientId}`
  for (const body of [
    { authenticationMethods: ['client_secret_basic', 'private_key_jwt'], jwks: { keys: [key.jwk] } },
    { jwks: { keys: [key.jwk] } },
    { jwksUri: 'https://evil.example/jwks' },
    { authenticationMethods: ['client_secret_post'] },
  ]) {
    const answer = await call('PATCH', path, body, { 'if-match': '*' })
    assert.deepEqual([answer.status, /account_read, which this caller/.test(answer.body.detail)], [403, true])
  }
  assert.equal((await call('POST', `${path}/enable`)).status, 403)
  assert.equal((await call('PATCH', path, { name: 'b' }, { 'if-match': '*' })).status, 200)
  const less = await call('PATCH', path, { scopes: ['account_write'] }, { 'if-match': '*' })
  assert.deepEqual([less.status, less.body.scopes], [200, ['account_write']])
  // What is taken away does not come back, and now it is one that the caller has.
  assert.equal(
    (await call('PATCH', path, { scopes: ['account_write', 'account_read'] }, { 'if-match': '*' })).status,
    403,
  )
  assert.equal((await call('PATCH', path, { jwks: { keys: [key.jwk] } }, { 'if-match': '*' })).status, 200)
  await world.close()
})
