// Invitations to who is somebody already, by who should not have them, too often, and for too long.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { makeBrowser } from '../testing/browser.ts'
import { testDialects } from '../testing/database.ts'
import { waitForMail } from '../testing/mailbox.ts'
import { makeMember, type TestMember } from '../testing/member.ts'
import { codeOf } from '../testing/totp.ts'
import { createWorld, type World } from '../testing/world.ts'
import { forgetInvitations, insertInvitation, mostInvitations } from './invitation-store.ts'
import { digestOf, makeToken } from './one-time-link.ts'

const password = 'correct horse battery'
const dayMs = 86_400_000

for (const dialect of testDialects)
  describe(dialect, () => {
    let world: World
    before(async () => {
      world = await createWorld({ dialect })
    })
    after(() => world.close())

    async function invite(owner: TestMember, email: string): Promise<string> {
      const invited = await owner.call('POST', '/account/invitations', { email, role: 'developer' })
      assert.equal(invited.status, 201, invited.text)
      return (await waitForMail(world, email)).token
    }

    async function emailsOf(owner: TestMember): Promise<string[]> {
      const { items } = (await owner.call('GET', '/account/members')).body
      return items.map((item: { email: string }) => item.email)
    }

    test('who is signed in with the address joins without a password, and works there at once', async () => {
      const owner = await makeMember(world, { accountId: 'one' })
      const [guest, stranger] = [
        await makeMember(world, { accountId: 'home' }),
        await makeMember(world, { accountId: 'home' }),
      ]
      const token = await invite(owner, guest.email)
      const stolen = await stranger.call('POST', '/account/invitations/accept', { token })
      assert.equal(stolen.status, 401, stolen.text)
      assert.deepEqual(await emailsOf(owner), [owner.email])
      const joined = await guest.call('POST', '/account/invitations/accept', { token })
      assert.deepEqual(joined.body, { state: 'signed_in' })
      const session = (await guest.call('GET', '/account/session')).body
      assert.deepEqual([session.account.id, session.member.role], ['one', 'developer'])
    })

    test('a second factor is asked for before anything opens', async () => {
      const owner = await makeMember(world, { accountId: 'two' })
      const guest = await makeMember(world, { accountId: 'home' })
      const made = (await guest.call('POST', '/account/two-factor', { password })).body
      const code = await codeOf(made.totpUri)
      assert.equal((await guest.call('POST', '/account/two-factor/confirm', { code })).status, 204)
      const token = await invite(owner, guest.email)
      const browser = makeBrowser(world)
      const joined = await browser.post('/account/invitations/accept', { token, password })
      assert.deepEqual(joined.body, { state: 'two_factor_needed' })
      assert.equal((await browser.get('/account/session')).status, 401)
      const [recoveryCode] = made.recoveryCodes
      assert.equal((await browser.post('/account/sign-in/two-factor', { recoveryCode })).status, 200)
      const { accounts } = (await browser.get('/account/session')).body
      assert.deepEqual(
        accounts.map(({ id }: { id: string }) => id),
        ['home', 'two'],
      )
    })

    test('of two who follow a link at the same moment, one comes in', async () => {
      const owner = await makeMember(world, { accountId: 'three' })
      const guest = await makeMember(world, { accountId: 'home' })
      const his = await invite(owner, guest.email)
      const joinTwice = () => makeBrowser(world).post('/account/invitations/accept', { token: his, password })
      const twice = await Promise.all([joinTwice(), joinTwice()])
      assert.deepEqual(twice.map(({ status }) => status).toSorted(), [200, 410])
      const token = await invite(owner, 'shared@three.example')
      const join = (name: string) =>
        makeBrowser(world).post('/account/invitations/accept', { token, name, password })
      const answers = await Promise.all([join('One'), join('Two')])
      assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 410])
      assert.deepEqual(await emailsOf(owner), [owner.email, guest.email, 'shared@three.example'])
    })

    test('names are text; what is refused uses the link up no more than it opens anything', async () => {
      const owner = await makeMember(world, { accountId: 'four' })
      const email = 'named@four.example'
      const token = await invite(owner, email)
      const name = '<img src=x onerror=alert(1)> & "friends"'
      for (const wrong of [
        { name: 'A\u0000B' },
        { name: 'A\r\nBcc: all@four.example' },
        { name: ' ' },
        { name: '' },
        { name: 'x'.repeat(101) },
        { name: undefined },
        { password: undefined },
        { password: 'short' },
        { password: email },
        { password: 'x'.repeat(257) },
        { role: 'owner' },
      ]) {
        const wish = { token, name, password, ...wrong }
        const refused = await makeBrowser(world).post('/account/invitations/accept', wish)
        assert.equal(refused.status, 400, `${JSON.stringify(wrong)}: ${refused.text}`)
      }
      assert.deepEqual(await emailsOf(owner), [owner.email])
      const joined = await makeBrowser(world).post('/account/invitations/accept', { token, name, password })
      assert.equal(joined.status, 200, joined.text)
      const { items } = (await owner.call('GET', '/account/members')).body
      assert.equal(items[1].name, name)
    })

    test('an invitation tells nobody but who has its link whether the address has an account', async () => {
      const owner = await makeMember(world, { accountId: 'five' })
      const known = await makeMember(world, { accountId: 'home' })
      const answers = []
      for (const email of [known.email, 'unknown@home.example']) {
        const answer = await owner.call('POST', '/account/invitations', { email, role: 'viewer' })
        const { id: _id, email: _email, ...rest } = answer.body
        answers.push([answer.status, rest])
      }
      assert.deepEqual(answers[0], answers[1])
      const token = makeToken()
      const [looked, accepted] = [
        await makeBrowser(world).post('/account/invitations/look', { token }),
        await makeBrowser(world).post('/account/invitations/accept', { token, name: 'A', password }),
      ]
      assert.deepEqual([looked.status, accepted.status], [410, 410])
      assert.equal(looked.body.detail, accepted.body.detail)
    })

    test('an account sends so many invitations in a day and no more, whatever becomes of them', async () => {
      const owner = await makeMember(world, { accountId: 'six' })
      const at = world.clock.now()
      await world.database.db.transaction().execute(async (tx) => {
        for (let index = 1; index < mostInvitations; index += 1)
          await insertInvitation(
            tx,
            {
              ...{ id: world.newId('inv'), accountId: 'six', email: `${index}@six.example`, role: 'viewer' },
              ...{ invitedBy: owner.memberId, createdAt: at, expiresAt: at + 7 * dayMs },
            },
            digestOf(makeToken()),
          )
      })
      const send = (email: string) => owner.call('POST', '/account/invitations', { email, role: 'viewer' })
      const last = await send('last@six.example')
      assert.equal(last.status, 201, last.text)
      const full = await send('more@six.example')
      assert.equal(full.status, 409, full.text)
      assert.match(full.body.detail, /Withdraw some/)
      assert.equal((await owner.call('DELETE', `/account/invitations/${last.body.id}`)).status, 204)
      world.clock.advance(3_600_000)
      const slowed = await send('more@six.example')
      assert.deepEqual([slowed.status, slowed.headers['retry-after']], [429, String(23 * 3600)])
      world.clock.advance(dayMs)
      assert.equal((await send('more@six.example')).status, 201)
    })

    test('an address that never came is forgotten after a while', async () => {
      const owner = await makeMember(world, { accountId: 'seven' })
      await invite(owner, 'never@seven.example')
      const emails = async () =>
        (
          await world.database.db
            .selectFrom('invitation')
            .select('email')
            .where('account_id', '=', 'seven')
            .execute()
        ).map(({ email }) => email)
      await forgetInvitations(world.database.db, world.clock.now() + 7 * dayMs)
      assert.deepEqual(await emails(), ['never@seven.example'])
      await forgetInvitations(world.database.db, world.clock.now() + 7 * dayMs + 1)
      assert.deepEqual(await emails(), [])
    })
  })
