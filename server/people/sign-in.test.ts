// Signing in and out: the second factor, other sessions, lost passwords, and those who try.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { makeBrowser, type TestBrowser } from '../testing/browser.ts'
import { dialectsOfRun } from '../testing/database.ts'
import { waitForMail } from '../testing/mailbox.ts'
import { makeMember } from '../testing/member.ts'
import { codeOf } from '../testing/totp.ts'
import { createWorld, type World } from '../testing/world.ts'

const session = 'latchkey.session_token'

async function signIn(world: World, person: { email: string; password: string }): Promise<TestBrowser> {
  const browser = makeBrowser(world)
  const { email, password } = person
  const answer = await browser.post('/account/sign-in', { email, password })
  assert.equal(answer.status, 200, answer.text)
  return browser
}

for (const dialect of dialectsOfRun)
  describe(dialect, () => {
    let world: World
    before(async () => {
      world = await createWorld({ dialect })
    })
    after(() => world.close())

    test('the cookie of a session is for this site and its server alone', async () => {
      const member = await makeMember(world)
      const browser = await signIn(world, member)
      const [cookie = ''] = browser.lastSetCookies()
      for (const part of ['HttpOnly', 'SameSite=Lax', 'Path=/']) assert.match(cookie, new RegExp(part, 'i'))
      assert.doesNotMatch(cookie, /Domain=/i)
    })

    test('a session that the browser brought along is never taken over', async () => {
      const member = await makeMember(world)
      const browser = makeBrowser(world)
      const { email, password } = member
      const planted = member.headers.cookie
      const answer = await browser.post('/account/sign-in', { email, password }, { cookie: planted })
      assert.equal(answer.status, 200)
      assert.notEqual(`${session}=${browser.cookies.get(session)}`, planted)
    })

    test('a wrong password and an unknown address are answered alike', async () => {
      const { email } = await makeMember(world)
      const answers = await Promise.all(
        [email, 'nobody@acme.example'].map((address) =>
          makeBrowser(world).post('/account/sign-in', { email: address, password: 'wrong horse battery' }),
        ),
      )
      const [known, unknown] = answers.map(({ status, body }) => ({
        ...{ status, ...body, requestId: '', instance: '' },
      }))
      assert.equal(known?.status, 401)
      assert.deepEqual(known, unknown)
    })

    test('signing out ends the session on the server, too', async () => {
      const member = await makeMember(world)
      const browser = await signIn(world, member)
      const kept = browser.cookies.get(session) ?? ''
      assert.equal((await browser.post('/account/sign-out')).status, 204)
      assert.equal(browser.cookies.get(session), undefined)
      const replayed = await world.inject({
        url: '/account/session',
        headers: { cookie: `${session}=${kept}` },
      })
      assert.equal(replayed.statusCode, 401)
      assert.equal((await makeBrowser(world).post('/account/sign-out')).status, 204, 'also without one')
    })

    test('a member sees where he is signed in, and ends one or all of it', async () => {
      const member = await makeMember(world)
      const [one, two] = [await signIn(world, member), await signIn(world, member)]
      const { items } = (await one.get('/account/sessions')).body
      assert.equal(items.length, 3)
      const others = items.filter((item: { current: boolean }) => !item.current)
      assert.equal(others.length, 2)
      const foreign = await makeMember(world)
      assert.equal((await foreign.call('DELETE', `/account/sessions/${others[0].id}`)).status, 404)
      assert.equal((await one.send('DELETE', `/account/sessions/${others[0].id}`)).status, 204)
      assert.equal((await one.post('/account/sign-out-everywhere')).status, 204)
      for (const browser of [one, two]) assert.equal((await browser.get('/account/session')).status, 401)
    })

    test('a new password ends the other sessions; the old one must be given', async () => {
      const member = await makeMember(world)
      const [here, elsewhere] = [await signIn(world, member), await signIn(world, member)]
      const newPassword = 'a wholly new battery'
      const wrong = await here.post('/account/password', { currentPassword: 'wrong', newPassword })
      assert.deepEqual([wrong.status, wrong.body.errors[0].field], [403, 'body.currentPassword'])
      const { password: currentPassword } = member
      assert.equal((await here.post('/account/password', { currentPassword, newPassword })).status, 204)
      assert.equal((await here.get('/account/session')).status, 200)
      assert.equal((await elsewhere.get('/account/session')).status, 401)
      await signIn(world, { ...member, password: newPassword })
    })

    test('a lost password is chosen anew by mail, once', async () => {
      const member = await makeMember(world)
      const browser = await signIn(world, member)
      for (const email of [member.email, 'nobody@acme.example'])
        assert.equal((await makeBrowser(world).post('/account/password-reset', { email })).status, 202)
      const { token } = await waitForMail(world, member.email)
      const wish = { token, password: 'a battery from the mail' }
      assert.equal((await makeBrowser(world).post('/account/password-reset/complete', wish)).status, 204)
      assert.equal((await browser.get('/account/session')).status, 401)
      assert.equal((await makeBrowser(world).post('/account/password-reset/complete', wish)).status, 410)
      await signIn(world, { ...member, password: wish.password })
      const confirmation = await makeBrowser(world).post('/account/email-confirmation/complete', wish)
      assert.equal(confirmation.status, 410, 'a link is for one end alone')
    })

    test('a second factor is set up, asked for, and replaced by a recovery code that works once', async () => {
      const member = await makeMember(world)
      const { password } = member
      const browser = await signIn(world, member)
      assert.equal((await browser.post('/account/two-factor', { password: 'wrong' })).status, 403)
      const made = (await browser.post('/account/two-factor', { password })).body
      assert.equal((await browser.post('/account/two-factor/confirm', { code: '000000' })).status, 422)
      const before = browser.cookies.get(session)
      const confirmed = await browser.post('/account/two-factor/confirm', {
        code: await codeOf(made.totpUri),
      })
      assert.equal(confirmed.status, 204, confirmed.text)
      assert.notEqual(browser.cookies.get(session), before)
      assert.equal((await browser.get('/account/session')).body.person.twoFactor, true)

      const next = makeBrowser(world)
      const first = await next.post('/account/sign-in', { email: member.email, password })
      assert.deepEqual([first.status, first.body.state], [200, 'two_factor_needed'])
      assert.equal((await next.get('/account/session')).status, 401, 'the password alone opens nothing')
      assert.equal((await next.post('/account/sign-in/two-factor', { code: '000000' })).status, 401)
      const [recoveryCode] = made.recoveryCodes
      const second = await next.post('/account/sign-in/two-factor', { recoveryCode })
      assert.equal(second.status, 200, second.text)
      assert.equal((await next.get('/account/session')).status, 200)
      const again = makeBrowser(world)
      await again.post('/account/sign-in', { email: member.email, password })
      assert.equal((await again.post('/account/sign-in/two-factor', { recoveryCode })).status, 401)

      const renewed = await next.post('/account/two-factor/recovery-codes', { password })
      assert.equal(renewed.body.recoveryCodes.length, 10)
      assert.equal((await next.post('/account/two-factor/off', { password: 'wrong' })).status, 403)
      assert.equal((await next.post('/account/two-factor/off', { password })).status, 204)
      await signIn(world, member)
    })
  })
