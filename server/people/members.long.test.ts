// Members of an account: invitations, roles, leaving. An account keeps an owner.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { lockAccount } from '../accounts/store.ts'
import { atOneMoment } from '../testing/at-one-moment.ts'
import { makeBrowser } from '../testing/browser.ts'
import { testDialects } from '../testing/database.ts'
import { readMails, waitForMail } from '../testing/mailbox.ts'
import { makeMember } from '../testing/member.ts'
import { createWorld, type World } from '../testing/world.ts'

const password = 'correct horse battery'

for (const dialect of testDialects)
  describe(dialect, () => {
    let world: World
    before(async () => {
      world = await createWorld({ dialect })
    })
    after(() => world.close())

    test('somebody new joins by an invitation, once, in the role that it says', async () => {
      const owner = await makeMember(world, { accountId: 'one' })
      const email = 'new@one.example'
      const invited = await owner.call('POST', '/account/invitations', { email, role: 'developer' })
      assert.equal(invited.status, 201, invited.text)
      const { token } = await waitForMail(world, email)
      const browser = makeBrowser(world)
      const looked = await browser.post('/account/invitations/look', { token })
      assert.deepEqual(looked.body, { accountName: 'one', email, role: 'developer', hasPerson: false })
      const joined = await browser.post('/account/invitations/accept', { token, name: 'New', password })
      assert.equal(joined.status, 200, joined.text)
      const session = (await browser.get('/account/session')).body
      assert.deepEqual(
        [session.account.id, session.member.role, session.person.emailConfirmed],
        ['one', 'developer', true],
      )
      for (const path of ['look', 'accept']) {
        const replayed = await makeBrowser(world).post(`/account/invitations/${path}`, { token })
        assert.equal(replayed.status, 410, replayed.text)
      }
      const { items } = (await owner.call('GET', '/account/members')).body
      assert.deepEqual(
        items.map((item: { role: string }) => item.role),
        ['owner', 'developer'],
      )
    })

    test('who has an account joins another one by his password, and chooses where to work', async () => {
      const owner = await makeMember(world, { accountId: 'two' })
      const own = 'a password of his own'
      const { email } = await makeMember(world, { accountId: 'elsewhere', password: own })
      await owner.call('POST', '/account/invitations', { email, role: 'viewer' })
      const { token } = await waitForMail(world, email)
      const browser = makeBrowser(world)
      for (const wish of [{ name: 'Thief', password }, { name: 'Thief' }]) {
        const stolen = await browser.post('/account/invitations/accept', { token, ...wish })
        assert.equal(stolen.status, 401, stolen.text)
      }
      const joined = await browser.post('/account/invitations/accept', { token, password: own })
      assert.equal(joined.status, 200, joined.text)
      const chosen = await browser.post('/account/session/account', { accountId: 'two' })
      assert.deepEqual([chosen.body.account.id, chosen.body.member.role], ['two', 'viewer'])
      assert.equal(chosen.body.accounts.length, 2)
      assert.equal((await browser.get('/account/session')).body.account.id, 'two')
      const foreign = await browser.post('/account/session/account', { accountId: 'one' })
      assert.equal(foreign.status, 404)
    })

    test('a newer invitation ends the older, and a withdrawn one works no more', async () => {
      const owner = await makeMember(world, { accountId: 'three' })
      const email = 'twice@three.example'
      await owner.call('POST', '/account/invitations', { email, role: 'viewer' })
      const { token: first } = await waitForMail(world, email)
      const second = await owner.call('POST', '/account/invitations', { email, role: 'owner' })
      const { token } = await waitForMail(world, email, 2)
      assert.equal((await makeBrowser(world).post('/account/invitations/look', { token: first })).status, 410)
      assert.equal((await owner.call('GET', '/account/invitations')).body.items.length, 1)
      const foreign = await makeMember(world, { accountId: 'one' })
      const path = `/account/invitations/${second.body.id}`
      assert.equal((await foreign.call('DELETE', path)).status, 404)
      assert.equal((await owner.call('DELETE', path)).status, 204)
      assert.equal((await makeBrowser(world).post('/account/invitations/look', { token })).status, 410)
    })

    test('an invitation grows too old', async () => {
      const owner = await makeMember(world, { accountId: 'three' })
      const email = 'slow@three.example'
      await owner.call('POST', '/account/invitations', { email, role: 'viewer' })
      const { token } = await waitForMail(world, email)
      world.clock.advance(7 * 86_400_000)
      const late = await makeBrowser(world).post('/account/invitations/accept', {
        token,
        name: 'Slow',
        password,
      })
      assert.equal(late.status, 410)
    })

    for (const [what, body] of [
      ['a member', undefined],
      ['no address', { email: 'nobody' }],
      ['two addresses', { email: 'a@b.example, c@d.example' }],
      ['an unknown role', { role: 'operator' }],
      ['a member of his own', { accountId: 'one' }],
    ] as const)
      test(`inviting ${what} is refused, and no mail is sent`, async () => {
        const owner = await makeMember(world, { accountId: 'four' })
        const before = readMails(world).length
        const wish = body ?? { email: owner.email }
        const answer = await owner.call('POST', '/account/invitations', {
          ...{ email: 'x@four.example', role: 'viewer' },
          ...wish,
        })
        assert.ok([400, 409].includes(answer.status), answer.text)
        assert.equal(readMails(world).length, before)
      })

    test('who has not confirmed his address invites nobody', async () => {
      const browser = makeBrowser(world)
      await browser.post('/account/sign-up', { email: 'hasty@x.example', password, company: 'Hasty' })
      const answer = await browser.post('/account/invitations', { email: 'friend@x.example', role: 'viewer' })
      assert.match(answer.body.type, /email_unconfirmed$/)
    })

    test('a role counts from the next request on, and a member who was removed is out at once', async () => {
      const owner = await makeMember(world, { accountId: 'five' })
      const other = await makeMember(world, { accountId: 'five', role: 'developer' })
      const path = `/account/members/${other.memberId}`
      const { etag } = await owner.call('GET', path)
      assert.equal((await owner.call('PATCH', path, { role: 'viewer' })).status, 428)
      const changed = await owner.call('PATCH', path, { role: 'viewer' }, { 'if-match': etag })
      assert.deepEqual([changed.status, changed.body.role], [200, 'viewer'])
      assert.equal((await other.call('POST', '/account/test/api-clients', { name: 'No' })).status, 403)
      const stale = await owner.call('PATCH', path, { role: 'owner' }, { 'if-match': etag })
      assert.equal(stale.status, 412)
      assert.equal(stale.body.changes[0].action, 'member.role_changed')
      assert.equal((await other.call('DELETE', `/account/members/${owner.memberId}`)).status, 403)
      assert.equal((await owner.call('DELETE', path)).status, 204)
      assert.equal((await other.call('GET', '/account')).status, 401)
    })

    test('the last owner stays, and two owners cannot both remove the other', async () => {
      const one = await makeMember(world, { accountId: 'six' })
      const self = `/account/members/${one.memberId}`
      for (const [method, body] of [
        ['DELETE', undefined],
        ['PATCH', { role: 'viewer' }],
      ] as const)
        assert.equal((await one.call(method, self, body, { 'if-match': '*' })).status, 409)
      const two = await makeMember(world, { accountId: 'six' })
      const removeBoth = () =>
        Promise.all([one.call('DELETE', `/account/members/${two.memberId}`), two.call('DELETE', self)])
      const answers = await (dialect === 'postgres'
        ? atOneMoment(world, (tx) => lockAccount(tx, 'six'), removeBoth)
        : removeBoth())
      assert.equal(answers.filter(({ status }) => status === 204).length, 1, JSON.stringify(answers))
    })

    test('a member who was removed does not go on in another account without noticing', async () => {
      const owner = await makeMember(world, { accountId: 'nine' })
      const other = await makeMember(world, { accountId: 'ten' })
      await owner.call('POST', '/account/invitations', { email: other.email, role: 'developer' })
      const { token } = await waitForMail(world, other.email)
      const [here, there] = [makeBrowser(world), makeBrowser(world)]
      await here.post('/account/invitations/accept', { token, password: other.password })
      assert.equal((await here.get('/account/session')).body.account.id, 'nine')
      await there.post('/account/sign-in', { email: other.email, password: other.password })
      await there.post('/account/session/account', { accountId: 'ten' })
      const { items } = (await owner.call('GET', '/account/members')).body
      const { id } = items.find((item: { email: string }) => item.email === other.email)
      assert.equal((await owner.call('DELETE', `/account/members/${id}`)).status, 204)
      assert.equal((await here.post('/account/test/api-clients', { name: 'Astray' })).status, 401)
      assert.equal((await there.get('/account/session')).body.account.id, 'ten')
      const clients = await there.get('/account/test/api-clients')
      assert.deepEqual(clients.body.items, [])
    })

    test('a member leaves by himself', async () => {
      await makeMember(world, { accountId: 'seven' })
      const viewer = await makeMember(world, { accountId: 'seven', role: 'viewer' })
      assert.equal((await viewer.call('POST', '/account/leave')).status, 204)
      assert.equal((await viewer.call('GET', '/account/session')).status, 401)
    })

    test('a foreign member is not there', async () => {
      const owner = await makeMember(world, { accountId: 'five' })
      const foreign = await makeMember(world, { accountId: 'six' })
      const path = `/account/members/${foreign.memberId}`
      assert.equal((await owner.call('GET', path)).status, 404)
      assert.equal((await owner.call('DELETE', path)).status, 404)
      assert.equal((await owner.call('PATCH', path, { role: 'viewer' }, { 'if-match': '*' })).status, 404)
    })

    test('an owner renames the account, others do not', async () => {
      const owner = await makeMember(world, { accountId: 'eight' })
      const viewer = await makeMember(world, { accountId: 'eight', role: 'viewer' })
      const { etag } = await owner.call('GET', '/account')
      const name = '<img src=x onerror=alert(1)>'
      const renamed = await owner.call('PATCH', '/account', { name }, { 'if-match': etag })
      assert.deepEqual([renamed.status, renamed.body.name], [200, name])
      assert.equal((await viewer.call('PATCH', '/account', { name: 'No' }, { 'if-match': '*' })).status, 403)
      assert.equal((await owner.call('PATCH', '/account', { name: 'No' }, { 'if-match': etag })).status, 412)
    })
  })
