// Disable, enable, revoke tokens, delete and restore.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clientTrail, makeAccountCaller } from '../testing/account-caller.ts'
import { dialectsOfRun, type TestDialect, testDialects } from '../testing/database.ts'
import { openSecondApp } from '../testing/second-app.ts'
import { createWorld, type TestClient, tokenRequest, type World } from '../testing/world.ts'

const grant = 'grant_type=client_credentials&scope=event'

async function setUp(dialect: TestDialect) {
  const world = await createWorld({ dialect })
  const caller = await makeAccountCaller(world)
  const made = (await caller.call('POST', '/api-clients', { name: 'a', scopes: ['event'] })).body
  const client: TestClient = { clientId: made.client.id, clientSecret: made.secret.secret }
  return { world, ...caller, client, path: `/api-clients/${client.clientId}` }
}

const ask = async (world: World, client: TestClient) =>
  (await world.inject(tokenRequest(client, grant))).statusCode

const use = async (world: World, token: string) =>
  (await world.inject({ url: '/notification/events', headers: { authorization: `Bearer ${token}` } }))
    .statusCode

const actions = async (world: World) =>
  (await clientTrail(world)).map(({ action, version }) => [action, version])

for (const dialect of dialectsOfRun) {
  test(`${dialect}: a disabled client and its live token are refused at once; enabled, the old token stays dead`, async () => {
    const { world, call, client, path } = await setUp(dialect)
    const old = await world.token(['event'], client)
    assert.equal(await use(world, old), 200)
    const disabled = await call('POST', `${path}/disable`)
    assert.equal(disabled.status, 200, disabled.text)
    assert.deepEqual(
      [disabled.body.state, disabled.etag, disabled.body.effectiveOn.seen],
      ['disabled', '"2"', 1],
    )
    assert.deepEqual([await ask(world, client), await use(world, old)], [401, 401])
    const again = await call('POST', `${path}/disable`)
    assert.deepEqual(
      [again.status, again.etag, again.body.disabledAt],
      [200, '"2"', disabled.body.disabledAt],
    )
    world.clock.advance(1)
    const enabled = await call('POST', `${path}/enable`)
    assert.deepEqual([enabled.status, enabled.body.state, enabled.etag], [200, 'active', '"3"'])
    assert.deepEqual([await ask(world, client), await use(world, old)], [200, 401])
    assert.equal(await use(world, await world.token(['event'], client)), 200)
    assert.deepEqual((await actions(world)).slice(2), [
      ['client.disabled', 2],
      ['client.enabled', 3],
    ])
    await world.close()
  })

  test(`${dialect}: a token that another node minted before it heard stays dead when the client is enabled again`, async () => {
    const { world, call, client, path } = await setUp(dialect)
    await call('POST', `${path}/disable`)
    // As the other node sees it for a moment.
    const { db } = world.database
    await db.updateTable('client').set({ disabled_at: null }).where('id', '=', client.clientId).execute()
    world.clock.advance(100)
    world.app.clients.forget(client.clientId)
    const late = await world.token(['event'], client)
    await db.updateTable('client').set({ disabled_at: 1 }).where('id', '=', client.clientId).execute()
    world.clock.advance(100)
    await call('POST', `${path}/enable`)
    assert.equal(await use(world, late), 401)
    assert.equal(await use(world, await world.token(['event'], client)), 200)
    await world.close()
  })

  test(`${dialect}: all tokens of a client die at once, and the next one lives`, async () => {
    const { world, call, client, path } = await setUp(dialect)
    const old = await world.token(['event'], client)
    const revoked = await call('POST', `${path}/revoke-tokens`)
    assert.deepEqual([revoked.status, revoked.etag, revoked.body.effectiveOn.missing], [200, '"1"', []])
    assert.equal(await use(world, old), 401)
    world.clock.advance(1)
    assert.equal(await use(world, await world.token(['event'], client)), 200)
    assert.deepEqual((await actions(world)).at(-1), ['client.tokens_revoked', null])
    await world.close()
  })

  for (const before of ['active', 'disabled'] as const)
    test(`${dialect}: a deleted client that was ${before} is refused at once, and comes back ${before}`, async () => {
      const { world, call, client, path } = await setUp(dialect)
      const old = await world.token(['event'], client)
      if (before === 'disabled') await call('POST', `${path}/disable`)
      const deleted = await call('DELETE', path)
      assert.equal(deleted.status, 200, deleted.text)
      assert.equal(deleted.body.state, 'deleted')
      assert.equal(deleted.body.undoUntil, new Date(world.clock.now() + 600_000).toISOString())
      assert.deepEqual(
        [deleted.body.effectiveOn.live, await ask(world, client), await use(world, old)],
        [1, 401, 401],
      )
      assert.equal((await call('GET', path)).body.undoUntil, deleted.body.undoUntil)
      for (const act of ['disable', 'enable', 'revoke-tokens'])
        assert.equal((await call('POST', `${path}/${act}`)).status, 409, act)
      world.clock.advance(599_999)
      await world.app.background.run()
      const again = await call('DELETE', path)
      assert.deepEqual([again.status, again.body.undoUntil], [200, deleted.body.undoUntil])
      const restored = await call('POST', `${path}/restore`)
      assert.deepEqual([restored.status, restored.body.state, restored.body.undoUntil], [200, before, null])
      assert.deepEqual(
        [await ask(world, client), await use(world, old)],
        [before === 'active' ? 200 : 401, 401],
      )
      assert.equal((await call('POST', `${path}/restore`)).etag, restored.etag)
      assert.deepEqual(
        (await actions(world)).slice(before === 'active' ? 2 : 3).map(([action]) => action),
        ['client.deleted', 'client.restored'],
      )
      await world.close()
    })

  test(`${dialect}: after ten minutes a deleted client cannot come back, erased or not yet`, async () => {
    const { world, call, client, path } = await setUp(dialect)
    await call('DELETE', path)
    world.clock.advance(600_000)
    for (const erased of [false, true]) {
      if (erased) await world.app.background.run()
      const answer = await call('POST', `${path}/restore`)
      assert.deepEqual([answer.status, /gone$/.test(answer.body.type)], [410, true])
      assert.match(answer.body.detail, /more than ten minutes ago/)
      assert.equal((await call('DELETE', path)).status, 404)
      assert.equal((await call('GET', path)).status, 404)
    }
    const { db } = world.database
    const left = await Promise.all([
      db.selectFrom('client').select('id').where('id', '=', client.clientId).execute(),
      db.selectFrom('client_secret').select('id').where('client_id', '=', client.clientId).execute(),
    ])
    assert.deepEqual(left, [[], []])
    assert.equal(await ask(world, client), 401)
    assert.deepEqual((await clientTrail(world)).at(-1), {
      action: 'client.erased',
      id: client.clientId,
      version: null,
      by: 'system deleted-clients',
      before: null,
      after: null,
    })
    await world.close()
  })

  test(`${dialect}: of a change and its trail and what others hear there is all or nothing`, async () => {
    const { world, call, client, path } = await setUp(dialect)
    const { db } = world.database
    const before = await state()
    // The trail cannot be written: its head is gone.
    const head = await db.selectFrom('audit_head').selectAll().executeTakeFirstOrThrow()
    await db.deleteFrom('audit_head').execute()
    for (const act of [
      () => call('PATCH', path, { name: 'b' }, { 'if-match': '*' }),
      () => call('POST', `${path}/disable`),
      () => call('POST', `${path}/revoke-tokens`),
      () => call('DELETE', path),
      () => call('POST', '/api-clients', { name: 'c' }),
    ])
      assert.equal((await act()).status, 500)
    await db.insertInto('audit_head').values(head).execute()
    assert.deepEqual(await state(), before)
    assert.equal(await ask(world, client), 200)
    await world.close()

    async function state() {
      return {
        clients: await db.selectFrom('client').selectAll().orderBy('id').execute(),
        secrets: await db.selectFrom('client_secret').select('id').orderBy('id').execute(),
        revocations: await db.selectFrom('revocation').select('seq').execute(),
        changes: await db.selectFrom('change_log').select('seq').where('kind', '=', 'client').execute(),
      }
    }
  })
}

const switches = ['/disable', '/enable', '/revoke-tokens', '/restore', ''] as const

test('a switch is refused for a foreign client, without permission, and for a state that is not there any more', async () => {
  const { world, call, path } = await setUp('sqlite')
  const reader = await makeAccountCaller(world, { scopes: ['account_read'] })
  const other = await makeAccountCaller(world, { accountId: 'globex' })
  const production = await world.makeClient({ environment: 'production' })
  for (const act of switches) {
    const method = act === '' ? 'DELETE' : 'POST'
    assert.equal((await reader.call(method, path + act)).status, 403, act)
    for (const id of [other.client.clientId, production.clientId, 'test-no-such-100'])
      assert.equal((await call(method, `/api-clients/${id}${act}`)).status, 404, act)
    const stale = await call(method, path + act, undefined, { 'if-match': '"7"' })
    assert.deepEqual([stale.status, stale.body.version], [412, 1], act)
    assert.equal((await call(method, path + act, undefined, { 'if-match': 'abc' })).status, 400, act)
  }
  assert.equal((await call('GET', path)).etag, '"1"')
  await world.close()
})

test('a client that disabled itself is refused from then on', async () => {
  const { world, call, client } = await setUp('sqlite')
  const self = await makeAccountCaller(world)
  const path = `/api-clients/${self.client.clientId}`
  assert.equal((await self.call('POST', `${path}/disable`)).status, 200)
  assert.equal((await self.call('GET', path)).status, 401)
  assert.equal((await call('GET', path)).body.state, 'disabled')
  assert.equal(await ask(world, client), 200)
  await world.close()
})

if (testDialects.includes('postgres'))
  test('postgres: an answer says that the other node has it in effect, and it has', async () => {
    const { world, call, client, path } = await setUp('postgres')
    const second = await openSecondApp(world)
    const token = await world.token(['event'], client)
    const there = async () =>
      (
        await second.app.server.inject({
          url: '/notification/events',
          headers: { authorization: `Bearer ${token}` },
        })
      ).statusCode
    assert.equal(await there(), 200)
    const disabled = await call('POST', `${path}/disable`)
    assert.deepEqual(disabled.body.effectiveOn, { seen: 2, live: 2, missing: [] })
    assert.equal(await there(), 401)
    await second.close()
    await world.close()
  })
