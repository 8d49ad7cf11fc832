// POST /account/:environment/api-clients.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clientTrail, makeAccountCaller } from '../testing/account-caller.ts'
import { makeAssertionKey } from '../testing/assertions.ts'
import { dialectsOfRun } from '../testing/database.ts'
import { makeCertificate } from '../testing/make-certificate.ts'
import { insertManyClients } from '../testing/many-clients.ts'
import { createWorld, tokenRequest } from '../testing/world.ts'
import { insertUnderNewId } from './create-client.ts'
import { clientsLimit } from './managed-client.ts'
import { tryInsertClient } from './store.ts'

const grant = 'grant_type=client_credentials&scope=event'

for (const dialect of dialectsOfRun) {
  test(`${dialect}: a created client shows its secret once and gets a token at once`, async () => {
    const world = await createWorld({ dialect })
    const { call } = await makeAccountCaller(world)
    const made = await call('POST', '/api-clients', {
      name: 'Orders',
      description: 'Nightly',
      scopes: ['event'],
      tokenLifetimeSeconds: 60,
      allowedNetworks: ['127.0.0.1', '10.0.0.0/8'],
      tokenQuotaPerHour: 10,
      secret: { name: 'machine 1', expiresInDays: 90 },
    })
    assert.equal(made.status, 201, made.text)
    const { client, secret } = made.body
    assert.match(client.id, /^test-[a-z]+-[a-z]+-\d{3}$/)
    assert.equal(made.headers.location, `/account/test/api-clients/${client.id}`)
    assert.equal(made.etag, '"1"')
    assert.deepEqual(client.allowedNetworks, ['127.0.0.1/32', '10.0.0.0/8'])
    assert.deepEqual(
      [client.state, client.authenticationMethods, client.tokenLifetimeSeconds, client.secrets.alive],
      ['active', ['client_secret_basic'], 60, 1],
    )
    assert.equal(client.editUrl, `${world.url}/test/account/api-clients/${client.id}/edit`)
    assert.deepEqual(client.warnings, [])
    assert.match(secret.secret, /^lk_test_/)
    assert.equal(secret.expiresAt, new Date(world.clock.now() + 90 * 86_400_000).toISOString())
    const answer = await world.inject(
      tokenRequest({ clientId: client.id, clientSecret: secret.secret }, grant),
    )
    assert.deepEqual([answer.statusCode, answer.json().expires_in], [200, 60])

    const read = await call('GET', `/api-clients/${client.id}`)
    assert.deepEqual([read.status, read.etag], [200, '"1"'])
    assert.ok(!read.text.includes(secret.secret))
    const rows = await clientTrail(world)
    assert.deepEqual(
      rows.map((row) => [row.action, row.id, row.version, row.before]),
      [
        ['client.created', client.id, 1, null],
        ['secret.created', secret.id, 1, null],
      ],
    )
    assert.ok(!JSON.stringify(rows).includes(secret.secret))
    assert.deepEqual(rows[0]?.after, {
      name: 'Orders',
      scopes: ['event'],
      description: 'Nightly',
      tokenLifetimeSeconds: 60,
      allowedNetworks: ['127.0.0.1/32', '10.0.0.0/8'],
      tokenQuotaPerHour: 10,
    })
    await world.close()
  })

  test(`${dialect}: the same Idempotency-Key twice at once makes one client with one secret`, async () => {
    const world = await createWorld({ dialect })
    const { call } = await makeAccountCaller(world)
    const make = (name: string) =>
      call('POST', '/api-clients', { name }, { 'idempotency-key': 'a-key-of-mine' })
    const [one, other] = await Promise.all([make('Orders'), make('Orders')])
    assert.deepEqual([one.status, other.status], [201, 201])
    assert.deepEqual(one.body, other.body)
    assert.deepEqual([one.etag, one.headers.location], [other.etag, other.headers.location])
    assert.equal((await call('GET', '/api-clients?search=orders')).body.items.length, 1)
    assert.equal((await clientTrail(world)).length, 2)
    assert.equal((await make('Others')).status, 409)
    await world.close()
  })

  test(`${dialect}: an id that is or was taken is not given out`, async () => {
    const world = await createWorld({ dialect })
    const { call } = await makeAccountCaller(world)
    const taken = (await call('POST', '/api-clients', { name: 'a' })).body.client.id
    const erased = (await call('POST', '/api-clients', { name: 'b' })).body.client.id
    await call('DELETE', `/api-clients/${erased}`)
    world.clock.advance(600_000)
    await world.app.background.run()
    const { db } = world.database
    assert.equal(
      await db.selectFrom('client').where('id', '=', erased).select('id').executeTakeFirst(),
      undefined,
    )
    const wishes = [taken, erased, 'test-new-one-100']
    const tried: string[] = []
    const id = await db.transaction().execute((tx) =>
      insertUnderNewId(
        tx,
        'test',
        async (clientId) => {
          tried.push(clientId)
          return true
        },
        () => wishes.shift() ?? '',
      ),
    )
    assert.deepEqual([id, tried], ['test-new-one-100', ['test-new-one-100']])
    await world.close()
  })

  test(`${dialect}: a client that the set-up named is not overwritten`, async () => {
    const world = await createWorld({ dialect })
    const { clientId } = await world.makeClient()
    const facts = {
      id: clientId,
      accountId: 'acme',
      environment: 'test' as const,
      name: 'x',
      scopes: [],
      tokenLifetimeSeconds: 60,
    }
    assert.equal(await tryInsertClient(world.database.db, facts, 1), false)
    assert.equal((await world.app.clients.reread(clientId))?.name, 'Test client')
    await world.close()
  })

  test(`${dialect}: the ten-thousand-and-first client of an account is refused, and nothing is left of it`, async () => {
    const world = await createWorld({ dialect })
    const { call } = await makeAccountCaller(world)
    // The caller is one of them.
    await insertManyClients(world, { accountId: 'acme', environment: 'test' }, clientsLimit - 2)
    assert.equal((await call('POST', '/api-clients', { name: 'last' })).status, 201)
    const refused = await call('POST', '/api-clients', { name: 'more' }, { 'idempotency-key': 'k' })
    assert.equal(refused.status, 409)
    assert.match(refused.body.detail, /10000 API clients in test/)
    assert.equal((await call('GET', '/api-clients?search=more')).body.items.length, 0)
    assert.equal((await clientTrail(world)).length, 2)
    await world.close()
  })
}

const key = makeAssertionKey('ES256', 'k1')
const authority = makeCertificate({ isAuthority: true })

test('HTML in texts is kept and shown as it was sent', async () => {
  const world = await createWorld()
  const { call } = await makeAccountCaller(world)
  const name = `<script>alert('"')</script> & "quotes" 'so' \u202e`
  const made = await call('POST', '/api-clients', { name, description: name })
  assert.deepEqual([made.body.client.name, made.body.client.description], [name, name])
  assert.match(String(made.headers['content-type']), /^application\/json/)
  const found = await call('GET', `/api-clients?search=${encodeURIComponent("<SCRIPT>alert('")}`)
  assert.equal(found.body.items[0]?.name, name)
  await world.close()
})

test('a client by keys has no secret, unless one is asked for', async () => {
  const world = await createWorld()
  const { call } = await makeAccountCaller(world)
  const body = {
    name: 'a',
    scopes: ['event'],
    authenticationMethods: ['private_key_jwt'],
    jwks: { keys: [key.jwk] },
  }
  const without = await call('POST', '/api-clients', body)
  assert.deepEqual([without.status, without.body.secret, without.body.client.secrets.alive], [201, null, 0])
  assert.deepEqual(without.body.client.jwks, { keys: [key.jwk] })
  const withOne = await call('POST', '/api-clients', { ...body, secret: {} })
  assert.match(withOne.body.secret.secret, /^lk_test_/)
  const [row] = await clientTrail(world)
  assert.match(JSON.stringify(row?.after), /"jwks":\[\{"keyId":"k1","thumbprint":"[\w-]{43}"\}\]/)
  await world.close()
})

test('a client by certificate keeps who may have issued it, and the trail says which', async () => {
  const world = await createWorld()
  const { call } = await makeAccountCaller(world)
  const made = await call('POST', '/api-clients', {
    name: 'a',
    authenticationMethods: ['tls_client_auth'],
    tlsClientAuth: { kind: 'san_dns', value: 'orders.example', authorities: authority.pem },
    certificateBoundAccessTokens: true,
  })
  assert.equal(made.status, 201, made.text)
  const [row] = await clientTrail(world)
  assert.match(JSON.stringify(row?.after), /"authorities":\["([0-9A-F]{2}:){31}[0-9A-F]{2}"\]/)
  await world.close()
})

test('a client without scopes may be made, and says that it gets no token', async () => {
  const world = await createWorld()
  const { call } = await makeAccountCaller(world)
  const { body } = await call('POST', '/api-clients', { name: 'a' })
  assert.deepEqual(
    body.client.warnings.map(({ code }: { code: string }) => code),
    ['no_scopes', 'secrets_without_expiry'],
  )
  const client = { clientId: body.client.id, clientSecret: body.secret.secret }
  const answer = await world.inject(tokenRequest(client, grant))
  assert.deepEqual([answer.statusCode, answer.json().error], [400, 'invalid_scope'])
  await world.close()
})

test('production clients need an approved account', async () => {
  const world = await createWorld()
  const { call } = await makeAccountCaller(world, { environment: 'production' })
  assert.equal((await call('POST', '/api-clients', { name: 'a', scopes: ['event'] })).status, 201)
  await world.database.db.updateTable('account').set({ production: 'none' }).execute()
  const refused = await call('POST', '/api-clients', { name: 'a' })
  assert.deepEqual(
    [refused.status, refused.body.detail.startsWith('The account is not approved')],
    [403, true],
  )
  await world.close()
})

test('who may only read makes nothing, and a token of test nothing in production', async () => {
  const world = await createWorld()
  const reader = await makeAccountCaller(world, { scopes: ['account_read'] })
  assert.equal((await reader.call('POST', '/api-clients', { name: 'a' })).status, 403)
  const writer = await makeAccountCaller(world)
  const answer = await world.inject({
    method: 'POST',
    url: '/account/production/api-clients',
    headers: { authorization: `Bearer ${writer.token}` },
    payload: { name: 'a' },
  })
  assert.deepEqual([answer.statusCode, /wrong_environment$/.test(answer.json().type)], [403, true])
  await world.close()
})
