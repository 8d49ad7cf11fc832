// POST /account/production/api-clients/copies.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clientTrail, makeAccountCaller } from '../testing/account-caller.ts'
import { makeAssertionKey } from '../testing/assertions.ts'
import { dialectsOfRun } from '../testing/database.ts'
import { createWorld, tokenRequest } from '../testing/world.ts'

const path = '/api-clients/copies'

for (const dialect of dialectsOfRun) {
  test(`${dialect}: a copy has a new id and secret, what may go to production, and says what differs`, async () => {
    const world = await createWorld({ dialect })
    const inTest = await makeAccountCaller(world)
    const { call } = await makeAccountCaller(world, { environment: 'production' })
    const { db } = world.database
    await db.updateTable('scope').set({ access: 'granted' }).where('name', '=', 'identify').execute()
    await db
      .insertInto('account_scope')
      .values({ account_id: 'acme', scope: 'identify', created_at: 1 })
      .execute()
    await world.app.catalogue.reload()
    const key = makeAssertionKey('ES256', 'test-key')
    const made = await inTest.call('POST', '/api-clients', {
      name: 'Orders',
      description: 'Nightly',
      scopes: ['event', 'identify', 'document_read'],
      tokenLifetimeSeconds: 600,
      allowedNetworks: ['127.0.0.0/8'],
      authenticationMethods: ['client_secret_basic', 'private_key_jwt'],
      jwks: { keys: [key.jwk] },
      dpopBoundAccessTokens: false,
      tokenQuotaPerHour: 9,
    })
    assert.equal(made.status, 201, made.text)
    await db.deleteFrom('account_scope').execute()
    const fromClientId = made.body.client.id
    const wish = { fromClientId, secret: { expiresInDays: 180 } }
    const copied = await call('POST', path, wish, { 'idempotency-key': 'once' })
    assert.equal(copied.status, 201, copied.text)
    const { client, secret, differences, checklist } = copied.body
    assert.match(client.id, /^prod-/)
    assert.match(secret.secret, /^lk_prod_/)
    assert.equal(copied.headers.location, `/account/production/api-clients/${client.id}`)
    assert.deepEqual(
      {
        name: client.name,
        description: client.description,
        scopes: client.scopes,
        tokenLifetimeSeconds: client.tokenLifetimeSeconds,
        allowedNetworks: client.allowedNetworks,
        authenticationMethods: client.authenticationMethods,
        jwks: client.jwks,
        copiedFrom: client.copiedFrom,
        quota: client.tokenQuotaPerHour,
      },
      {
        name: 'Orders',
        description: 'Nightly',
        scopes: ['event', 'document_read'],
        tokenLifetimeSeconds: 600,
        allowedNetworks: ['127.0.0.0/8'],
        authenticationMethods: ['client_secret_basic'],
        jwks: null,
        copiedFrom: fromClientId,
        quota: null,
      },
    )
    assert.deepEqual(
      differences.map((one: { member: string; reason: string }) => one.member),
      ['scopes', 'authenticationMethods', 'jwks', 'tokenQuotaPerHour'],
    )
    assert.match(differences[0].reason, /^identify: /)
    assert.deepEqual(
      differences.map((one: { test: unknown; production: unknown }) => [one.test, one.production]),
      [
        [
          ['document_read', 'event', 'identify'],
          ['document_read', 'event'],
        ],
        [['client_secret_basic', 'private_key_jwt'], ['client_secret_basic']],
        [true, false],
        [9, null],
      ],
    )
    assert.ok(!copied.text.includes(String(key.jwk.x)))
    assert.deepEqual(
      checklist.map(({ item, done }: { item: string; done: boolean }) => [item, done]),
      [
        ['secret_expires', true],
        ['scopes_narrowed', true],
        ['networks_set', true],
        ['credentials_set', false],
      ],
    )
    const used = { clientId: client.id, clientSecret: secret.secret }
    const answer = await world.inject(tokenRequest(used, 'grant_type=client_credentials&scope=event'))
    assert.equal(answer.statusCode, 200)
    assert.deepEqual((await call('POST', path, wish, { 'idempotency-key': 'once' })).body, copied.body)
    const [, , ...trail] = await clientTrail(world)
    assert.deepEqual(
      trail.map(({ action, id, after }) => [action, id, after.copiedFrom]),
      [
        ['client.created', client.id, fromClientId],
        ['secret.created', secret.id, undefined],
      ],
    )
    assert.deepEqual((await inTest.call('GET', `/api-clients/${fromClientId}`)).body, made.body.client)
    await world.close()
  })
}

test('a copy is narrowed by the wish, and never gets a reserved or deprecated scope', async () => {
  const world = await createWorld()
  await makeAccountCaller(world)
  const { call } = await makeAccountCaller(world, { environment: 'production' })
  const { clientId } = await world.makeClient({
    scopes: ['account_read', 'event', 'identify', 'document_read'],
  })
  await world.database.db
    .updateTable('scope')
    .set({ deprecated_at: 1 })
    .where('name', '=', 'identify')
    .execute()
  await world.app.catalogue.reload()
  const whole = await call('POST', path, { fromClientId: clientId })
  assert.deepEqual(whole.body.client.scopes, ['event', 'document_read'])
  assert.match(
    whole.body.differences[0].reason,
    /account_read is given to each client by itself.*identify is deprecated/,
  )
  const less = await call('POST', path, { fromClientId: clientId, name: 'b', scopes: ['event'] })
  assert.deepEqual([less.body.client.name, less.body.client.scopes], ['b', ['event']])
  const more = await call('POST', path, { fromClientId: clientId, scopes: ['event', 'account_read'] })
  assert.equal(more.status, 403)
  await world.close()
})

test('only a production caller of the same approved account copies a test client', async () => {
  const world = await createWorld()
  const inTest = await makeAccountCaller(world)
  const production = await makeAccountCaller(world, { environment: 'production' })
  const reader = await makeAccountCaller(world, { environment: 'production', scopes: ['account_read'] })
  const foreign = await world.makeClient({ accountId: 'globex' })
  const own = await world.makeClient()
  const inProduction = await world.makeClient({ environment: 'production' })
  const wish = (fromClientId: string) => ({ fromClientId })
  const elsewhere = await world.inject({
    method: 'POST',
    url: `/account/production${path}`,
    headers: { authorization: `Bearer ${inTest.token}` },
    payload: wish(own.clientId),
  })
  assert.deepEqual([elsewhere.statusCode, /wrong_environment$/.test(elsewhere.json().type)], [403, true])
  assert.equal((await inTest.call('POST', path, wish(own.clientId))).status, 400)
  assert.equal((await reader.call('POST', path, wish(own.clientId))).status, 403)
  for (const id of [foreign.clientId, inProduction.clientId, 'test-no-such-100'])
    assert.equal((await production.call('POST', path, wish(id))).status, 404, id)
  assert.equal((await production.call('POST', path, { ...wish(own.clientId), jwks: null })).status, 400)
  assert.equal((await production.call('POST', path, {})).status, 400)
  await inTest.call('DELETE', `/api-clients/${own.clientId}`)
  assert.equal((await production.call('POST', path, wish(own.clientId))).status, 409)
  await inTest.call('POST', `/api-clients/${own.clientId}/restore`)
  await world.database.db.updateTable('account').set({ production: 'none' }).execute()
  const refused = await production.call('POST', path, wish(own.clientId))
  assert.deepEqual(
    [refused.status, refused.body.detail.startsWith('The account is not approved')],
    [403, true],
  )
  assert.deepEqual(
    (await clientTrail(world)).map(({ action }) => action),
    ['client.deleted', 'client.restored'],
  )
  await world.close()
})
