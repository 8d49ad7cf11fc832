// The way to production: what the checklist finds, who may ask, and what an operator makes of it.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { dialectsOfRun } from '../testing/database.ts'
import { makeMember, type TestMember } from '../testing/member.ts'
import { createWorld, tokenRequest, type World } from '../testing/world.ts'

const asking = { company: 'Acme Ltd, 4711', purpose: 'Contracts <b>of</b> our customers' }
const everyPoint = ['email_confirmed', 'company', 'test_success', 'reuse_health', 'secret_expiry']

for (const dialect of dialectsOfRun)
  describe(dialect, () => {
    let world: World
    let operator: TestMember
    before(async () => {
      world = await createWorld({ dialect })
      operator = await makeMember(world, { accountId: 'ops', operator: true })
    })
    after(() => world.close())

    /** The owner of a new account that is not approved. */
    async function makeOwner(accountId: string): Promise<TestMember> {
      const owner = await makeMember(world, { accountId })
      const set = { production: 'none' as const }
      await world.database.db.updateTable('account').set(set).where('id', '=', accountId).execute()
      return owner
    }

    async function checklist(owner: TestMember) {
      await world.app.recorder.flush()
      const { status, body, text } = await owner.call('GET', '/account/production-checklist')
      assert.equal(status, 200, text)
      const items: { id: string; done: boolean; detail: string }[] = body.items
      assert.deepEqual(
        items.map(({ id }) => id),
        everyPoint,
      )
      return {
        request: body.request,
        done: items.filter((item) => item.done).map(({ id }) => id),
        detail: (wanted: string) => items.find(({ id }) => id === wanted)?.detail ?? '',
      }
    }

    const ask = (owner: TestMember) => owner.call('POST', '/account/production-request', asking)

    const decide = (what: string, accountId: string, body?: object) =>
      operator.call('POST', `/account/accounts/${accountId}/${what}`, body, { 'if-match': '*' })

    async function waiting(state?: string) {
      const query = state === undefined ? '' : `?state=${state}`
      const { body } = await operator.call('GET', `/account/production-requests${query}`)
      return body.items
    }

    test('the checklist is found out of what the account did', async () => {
      const owner = await makeOwner('one')
      const first = await checklist(owner)
      assert.deepEqual([first.done, first.request], [['email_confirmed'], null])
      assert.match(first.detail('test_success'), /No test client has a scope/)
      assert.match(first.detail('reuse_health'), /20 are enough/)
      assert.match(first.detail('secret_expiry'), /no test client/)

      const client = await world.makeClient({ accountId: 'one', scopes: ['document_read', 'event'] })
      const ended = await world.makeClient({ accountId: 'one', scopes: ['identify'] })
      const { db } = world.database
      await db
        .updateTable('client')
        .set({ disabled_at: world.clock.now() })
        .where('id', '=', ended.clientId)
        .execute()
      const token = await world.token(['event'], client)
      const call = (bearer: string, url: string) =>
        world.inject({ url, headers: { authorization: `Bearer ${bearer}` } })
      // It was asked for, and the call that needs it was refused: it was not used.
      assert.equal((await call(token, '/signature/documents')).statusCode, 403)
      for (let count = 0; count < 25; count += 1)
        assert.equal((await call(token, '/notification/events')).statusCode, 200)
      const second = await checklist(owner)
      assert.deepEqual(second.done, ['email_confirmed', 'reuse_health'])
      assert.equal(
        second.detail('test_success'),
        'Not called yet: document_read. Take a scope away that you do not need.',
      )
      assert.match(second.detail('secret_expiry'), /without an expiry: 1\./)

      const reading = await world.token(['document_read'], client)
      assert.equal((await call(reading, '/signature/documents')).statusCode, 200)
      await db
        .updateTable('client_secret')
        .set({ expires_at: world.clock.now() + 86_400_000 })
        .where('client_id', '=', client.clientId)
        .execute()
      const third = await checklist(owner)
      assert.deepEqual(
        third.done,
        everyPoint.filter((id) => id !== 'company'),
      )
      assert.deepEqual((await checklist(await makeOwner('two'))).done, ['email_confirmed'], 'of its own only')
    })

    test('a token for each call is found, by the verdict that the page of reuse gives', async () => {
      const owner = await makeOwner('three')
      const client = await world.makeClient({ accountId: 'three', scopes: ['event'] })
      for (let count = 0; count < 20; count += 1) {
        const authorization = `Bearer ${await world.token(['event'], client)}`
        await world.inject({ url: '/notification/events', headers: { authorization } })
      }
      const found = await checklist(owner)
      assert.ok(!found.done.includes('reuse_health'))
      const reuse = await owner.call('GET', '/account/test/reuse')
      const { healthyPercent } = reuse.body.items[0]
      assert.ok(found.detail('reuse_health').includes(`${client.clientId}: ${healthyPercent} %`))
    })

    test('a scope of an API that is guarded elsewhere counts when it was asked for', async () => {
      const owner = await makeOwner('four')
      const api = { id: 'parcels', name: 'Parcels' }
      const audiences = { test: 'https://test.parcels.example', production: 'https://parcels.example' }
      assert.equal((await operator.call('POST', '/account/apis', { ...api, audiences })).status, 201)
      const scope = { name: 'parcel_read', description: 'Read parcels', access: 'everyone' }
      assert.equal((await operator.call('POST', '/account/apis/parcels/scopes', scope)).status, 201)
      const client = await world.makeClient({ accountId: 'four', scopes: ['parcel_read'] })
      assert.match((await checklist(owner)).detail('test_success'), /parcel_read/)
      const granted = await world.inject(
        tokenRequest(client, 'grant_type=client_credentials&scope=parcel_read'),
      )
      assert.equal(granted.statusCode, 200, granted.body)
      assert.ok((await checklist(owner)).done.includes('test_success'))
    })

    test('an owner asks once, an operator declines with a note, the owner asks again and is approved', async () => {
      const owner = await makeOwner('five')
      const asked = await ask(owner)
      assert.deepEqual([asked.status, asked.body.state, asked.body.company], [201, 'open', asking.company])
      const again = await ask(owner)
      assert.equal(again.status, 409)
      assert.match(again.body.detail, /not decided yet/)
      const [item] = await waiting('open')
      assert.deepEqual(
        [item.accountId, item.requestedBy, item.purpose],
        ['five', owner.email, asking.purpose],
      )

      const note = 'Which register is 4711 of?'
      assert.equal((await decide('decline-production', 'five', { note })).status, 204)
      assert.equal((await decide('decline-production', 'five', { note })).status, 409)
      const declined = await checklist(owner)
      assert.deepEqual([declined.request.state, declined.request.note], ['declined', note])
      assert.ok(!declined.done.includes('company'))

      assert.equal((await ask(owner)).status, 201)
      assert.deepEqual((await checklist(owner)).request.note, null, 'a new request has no old note')
      assert.equal((await decide('approve-production', 'five')).status, 200)
      const approved = await checklist(owner)
      assert.equal(approved.request.state, 'approved')
      assert.ok(approved.done.includes('company'))
      assert.deepEqual(await waiting('open'), [])
      const late = await ask(owner)
      assert.equal(late.status, 409)
      assert.match(late.body.detail, /approved for production already/)
      const session = await owner.call('GET', '/account/session')
      assert.equal(session.body.account.production, 'approved')

      assert.equal((await decide('withdraw-production', 'five')).status, 200)
      const withdrawn = await checklist(owner)
      assert.equal(withdrawn.request.state, 'approved', 'what was decided then stays as it was')
      assert.ok(withdrawn.done.includes('company'))
      assert.equal((await ask(owner)).status, 201, 'it may ask again')
      const actions = await world.database.db
        .selectFrom('audit')
        .select('action')
        .where('account_id', '=', 'five')
        .orderBy('seq')
        .execute()
      assert.deepEqual(
        actions.map(({ action }) => action.replace('account.production_', '')),
        ['requested', 'declined', 'requested', 'approved', 'withdrawn', 'requested'],
      )
    })

    test('of two who ask at once one has asked', async () => {
      const owner = await makeOwner('six')
      const answers = await Promise.all([ask(owner), ask(owner), ask(owner)])
      assert.deepEqual(answers.map(({ status }) => status).toSorted(), [201, 409, 409])
    })

    test('nobody asks whose address is not confirmed, who is no owner, or for no reason', async () => {
      const owner = await makeOwner('seven')
      const developer = await makeMember(world, { accountId: 'seven', role: 'developer' })
      assert.equal((await ask(developer)).status, 403)
      for (const body of [{}, { ...asking, company: ' ' }, { ...asking, purpose: 'x'.repeat(2001) }])
        assert.equal((await owner.call('POST', '/account/production-request', body)).status, 400)
      const { db } = world.database
      const unconfirmed = { email_verified: dialect === 'sqlite' ? 0 : false }
      await db.updateTable('person').set(unconfirmed).where('id', '=', owner.personId).execute()
      const refused = await ask(owner)
      assert.equal(refused.status, 403)
      assert.match(refused.body.type, /email_unconfirmed$/)
      assert.deepEqual((await checklist(owner)).done, [])
    })

    test('only operators see who asks and decide, and only on what was asked', async () => {
      const owner = await makeOwner('eight')
      await ask(owner)
      assert.equal((await owner.call('GET', '/account/production-requests')).status, 403)
      const path = '/account/accounts/eight/decline-production'
      assert.equal((await owner.call('POST', path, { note: 'No.' })).status, 403)
      assert.equal((await decide('decline-production', 'nobody-here', { note: 'No.' })).status, 404)
      assert.equal((await decide('decline-production', 'eight', { note: ' ' })).status, 400)
      assert.equal((await checklist(owner)).request.state, 'open')
      assert.equal((await decide('decline-production', 'eight', { note: 'No.' })).status, 204)
      const among = async (state?: string) =>
        (await waiting(state)).some((item: { accountId: string }) => item.accountId === 'eight')
      assert.deepEqual(
        [await among(), await among('declined'), await among('open'), await among('approved')],
        [true, true, false, false],
      )
    })
  })
