// Who runs this Latchkey: comes in by a link of the operator command, and in production by a second factor.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { findAccount, putAccount } from '../accounts/store.ts'
import { makeBrowser } from '../testing/browser.ts'
import { testDialects } from '../testing/database.ts'
import { makeMember } from '../testing/member.ts'
import { codeOf } from '../testing/totp.ts'
import { createWorld, type World } from '../testing/world.ts'
import { makeLink } from './one-time-link.ts'

const password = 'correct horse battery'
const lifetimeMs = 30 * 60_000

for (const dialect of testDialects)
  describe(dialect, () => {
    let world: World
    before(async () => {
      world = await createWorld({
        dialect,
        settings: {
          NODE_ENV: 'production',
          LATCHKEY_MASTER_KEY: 'k'.repeat(43),
          LATCHKEY_PUBLIC_URL: 'https://api.example',
        },
      })
    })
    after(() => world.close())

    const link = (accountId = 'operators') =>
      makeLink(world.database.db, {
        ...{ purpose: 'set_up_operator', accountId, nowMs: world.clock.now(), lifetimeMs },
      })
    const complete = (token: string, wish: object) =>
      makeBrowser(world).post('/account/set-up/complete', { token, name: 'Root', password, ...wish })
    const owners = async () =>
      (
        await world.database.db
          .selectFrom('member')
          .innerJoin('person', 'person.id', 'member.person_id')
          .select(['person.email', 'member.role'])
          .where('account_id', '=', 'operators')
          .orderBy('person.email')
          .execute()
      ).map(({ email, role }) => `${email} ${role}`)

    test('of two who follow a link at the same moment one makes the account of operators', async () => {
      const token = await link()
      const answers = await Promise.all(
        ['a@ops.example', 'b@ops.example'].map((email) => complete(token, { email })),
      )
      assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 410])
      const account = await findAccount(world.database.db, 'operators')
      assert.deepEqual([account?.operator, account?.production], [true, 'approved'])
      assert.equal((await owners()).length, 1)
    })

    test('the next link adds an owner: somebody new, or somebody by his password', async () => {
      const before = await owners()
      assert.equal((await complete(await link(), { email: 'c@ops.example' })).status, 200)
      const guest = await makeMember(world, { accountId: 'home', email: 'd@home.example' })
      const token = await link()
      const wrong = await complete(token, { email: guest.email, password: 'another battery staple' })
      assert.equal(wrong.status, 409, wrong.text)
      const joined = await complete(token, { email: 'D@Home.example' })
      assert.equal(joined.status, 200, joined.text)
      assert.deepEqual(await owners(), [...before, 'c@ops.example owner', 'd@home.example owner'].toSorted())
    })

    test('a link that is too old, used, replaced, unknown or for another end opens nothing', async () => {
      const before = await owners()
      const old = await link()
      world.clock.advance(lifetimeMs)
      const replaced = await link()
      const used = await link()
      assert.equal((await complete(used, { email: 'e@ops.example' })).status, 200)
      const { db } = world.database
      const reset = await makeLink(db, { purpose: 'reset_password', nowMs: world.clock.now(), lifetimeMs })
      for (const token of [old, replaced, used, reset, 'x'.repeat(43)]) {
        assert.equal((await makeBrowser(world).post('/account/set-up/look', { token })).status, 410)
        assert.equal((await complete(token, { email: 'f@ops.example' })).status, 410)
      }
      assert.deepEqual(await owners(), [...before, 'e@ops.example owner'].toSorted())
    })

    test('a link opens no account that does not operate', async () => {
      const token = await link('later')
      const account = { id: 'later', name: 'Later', production: 'none' as const }
      await putAccount(world.database.db, account, world.clock.now())
      const answer = await complete(token, { email: 'g@ops.example' })
      assert.equal(answer.status, 410, answer.text)
    })

    test('an operator has to set up a second factor before he operates, and no other right of his is gone', async () => {
      const operator = makeBrowser(world)
      const wish = { email: 'h@ops.example', name: 'Root', password }
      await operator.post('/account/set-up/complete', { token: await link(), ...wish })
      const session = (await operator.get('/account/session')).body
      assert.deepEqual(
        [session.twoFactorRequired, session.permissions.includes('accounts:read')],
        [true, false],
      )
      for (const [method, url, body] of [
        ['GET', '/account/accounts', undefined],
        ['POST', '/account/accounts', { id: 'shop', name: 'Shop' }],
        ['POST', '/account/signing-keys/rotate', undefined],
        ['GET', '/account/system', undefined],
      ] as const) {
        const refused = await operator.send(method, url, body)
        assert.equal(refused.status, 403, refused.text)
        assert.match(refused.body.type, /two_factor_required$/)
      }
      assert.equal((await operator.get('/account/members')).status, 200)
      const made = (await operator.post('/account/two-factor', { password })).body
      const code = await codeOf(made.totpUri)
      assert.equal((await operator.post('/account/two-factor/confirm', { code })).status, 204)
      assert.equal((await operator.get('/account/accounts')).status, 200)
      assert.equal((await operator.get('/account/session')).body.twoFactorRequired, false)
      assert.equal((await operator.post('/account/two-factor/off', { password })).status, 204)
      assert.equal((await operator.get('/account/accounts')).status, 403, 'from the next request on')
    })

    test('what his role does not give him is not promised for a second factor', async () => {
      const viewer = await makeMember(world, { accountId: 'operators', role: 'viewer', operator: true })
      const [looked, changed] = [
        await viewer.call('GET', '/account/accounts'),
        await viewer.call('POST', '/account/accounts', { id: 'shop', name: 'Shop' }),
      ]
      assert.match(looked.body.type, /two_factor_required$/)
      assert.match(changed.body.type, /permission_denied$/)
    })
  })
