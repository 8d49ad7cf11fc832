// A member tries a call of a test client: with a token of it that lives a minute, in the open.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { dialectsOfRun } from '../testing/database.ts'
import { makeMember, type TestMember } from '../testing/member.ts'
import { createWorld, type TestClient, type World } from '../testing/world.ts'

for (const dialect of dialectsOfRun)
  describe(dialect, () => {
    let world: World
    let member: TestMember
    let client: TestClient
    before(async () => {
      world = await createWorld({ dialect })
      member = await makeMember(world, { role: 'developer' })
      client = await world.makeClient({ scopes: ['document_read', 'event'], tokenLifetimeSeconds: 3600 })
    })
    after(() => world.close())

    const attempt = (clientId: string, scope = 'event', who = member) =>
      who.call('POST', `/account/test/api-clients/${clientId}/try`, { scope })

    const callWith = (token: string, url = '/notification/events') =>
      world.inject({ url, headers: { authorization: `Bearer ${token}` } })

    test('the token opens what its scope opens, nothing else, and for a minute', async () => {
      const { status, body, headers } = await attempt(client.clientId)
      assert.deepEqual([status, body.expiresInSeconds, body.scope], [200, 60, 'event'])
      assert.match(String(headers['cache-control']), /no-store/)
      assert.equal((await callWith(body.accessToken)).statusCode, 200)
      assert.equal((await callWith(body.accessToken, '/signature/documents')).statusCode, 403)
      world.clock.advance(95_000)
      assert.equal((await callWith(body.accessToken)).statusCode, 401)
    })

    test('several scopes, spaces too many and repeats are as at the token endpoint', async () => {
      const { body } = await attempt(client.clientId, ' event  document_read event ')
      assert.equal(body.scope, 'document_read event')
    })

    test('it stands in the activity as a request of the client that the member made, and in the audit trail', async () => {
      const answer = await attempt(client.clientId)
      const requestId = String(answer.headers['request-id'])
      await world.app.recorder.flush()
      const entry = (await member.call('GET', `/account/test/activity/${requestId}`)).body
      assert.deepEqual(
        [entry.kind, entry.clientId, entry.status, entry.secretId, entry.scopes],
        ['token_request', client.clientId, 200, null, ['event']],
      )
      assert.equal(entry.why, `${member.memberId} tried a call in the dashboard.`)
      const audit = await world.database.db
        .selectFrom('audit')
        .selectAll()
        .where('request_id', '=', requestId)
        .executeTakeFirstOrThrow()
      assert.deepEqual(
        [audit.action, audit.actor_kind, audit.actor_id, audit.object_id, audit.environment],
        ['client.tried', 'member', member.memberId, client.clientId, 'test'],
      )
      for (const text of [JSON.stringify(entry), JSON.stringify(audit)])
        assert.ok(!text.includes(answer.body.accessToken.split('.')[2]))
    })

    test('a client of another account, of production, or none is not there', async () => {
      const foreign = await world.makeClient({ accountId: 'evil' })
      const production = await world.makeClient({ environment: 'production' })
      for (const { clientId } of [foreign, production, { clientId: 'test-nobody-here-1' }])
        assert.equal((await attempt(clientId)).status, 404, clientId)
      const url = `/account/production/api-clients/${production.clientId}/try`
      assert.equal((await member.call('POST', url, { scope: 'event' })).status, 400)
    })

    test('a client that gets no ordinary token gets none here, and the answer says why', async () => {
      const disabled = await world.makeClient({ scopes: ['event'] })
      // It is in memory when it is disabled.
      assert.equal((await attempt(disabled.clientId)).status, 200)
      await world.database.db
        .updateTable('client')
        .set({ disabled_at: world.clock.now() })
        .where('id', '=', disabled.clientId)
        .execute()
      const bound = await world.makeClient({ scopes: ['event'], set: { dpopBound: true } })
      const certified = await world.makeClient({ scopes: ['event'], set: { certificateBound: true } })
      const empty = await world.makeClient({ scopes: [] })
      for (const [{ clientId }, scope, status, detail] of [
        [disabled, 'event', 409, /disabled or deleted/],
        [bound, 'event', 409, /bound to a key/],
        [certified, 'event', 409, /bound to a key/],
        [empty, 'event', 422, /no scopes yet/],
        [client, 'identify', 422, /may not request identify\. Add it under .*Save\.$/],
        [client, 'events', 422, /Did you mean event\?/],
        [client, '', 422, /names no scope/],
        [client, 'event,identify', 422, /character that no scope has/],
      ] as const) {
        const answer = await attempt(clientId, scope)
        assert.equal(answer.status, status, answer.text)
        assert.match(answer.body.detail, detail)
        assert.equal(answer.body.accessToken, undefined)
      }
    })

    test('nobody tries what he could not hand on, and no viewer and no program tries at all', async () => {
      const beyond = await world.makeClient({ scopes: ['operator', 'event'] })
      assert.equal((await attempt(beyond.clientId)).status, 403)
      const viewer = await makeMember(world, { role: 'viewer' })
      assert.equal((await attempt(client.clientId, 'event', viewer)).status, 403)
      const authorization = `Bearer ${await world.token(['account_write'])}`
      const url = `/account/test/api-clients/${client.clientId}/try`
      const payload = { scope: 'event' }
      const byToken = await world.inject({ method: 'POST', url, headers: { authorization }, payload })
      assert.equal(byToken.statusCode, 403)
    })

    test('a member tries thirty times a minute; another one is not held up by it', async () => {
      const [eager, other] = await Promise.all([makeMember(world), makeMember(world)])
      const answers = await Promise.all(
        Array.from({ length: 31 }, () => attempt(client.clientId, 'event', eager)),
      )
      const refused = answers.filter(({ status }) => status === 429)
      assert.equal(refused.length, 1)
      assert.match(String(refused[0]?.headers['retry-after']), /^\d+$/)
      assert.equal((await attempt(client.clientId, 'event', other)).status, 200)
      world.clock.advance(60_000)
      assert.equal((await attempt(client.clientId, 'event', eager)).status, 200)
    })
  })
