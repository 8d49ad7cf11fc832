// What somebody does with a session, a cookie or codes that are not his.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { makeBrowser, type TestBrowser } from '../testing/browser.ts'
import { dialectsOfRun } from '../testing/database.ts'
import { waitForMail } from '../testing/mailbox.ts'
import { makeMember, type TestMember } from '../testing/member.ts'
import { codeOf } from '../testing/totp.ts'
import { createWorld, type World } from '../testing/world.ts'

const session = 'latchkey.session_token'

for (const dialect of dialectsOfRun)
  describe(dialect, () => {
    let world: World
    before(async () => {
      world = await createWorld({ dialect })
    })
    after(() => world.close())

    async function signIn({ email, password }: TestMember): Promise<TestBrowser> {
      const browser = makeBrowser(world)
      const answer = await browser.post('/account/sign-in', { email, password })
      assert.equal(answer.status, 200, answer.text)
      return browser
    }

    async function withSecondFactor(): Promise<{
      member: TestMember
      totpUri: string
      browser: TestBrowser
    }> {
      const member = await makeMember(world)
      const browser = await signIn(member)
      const { totpUri } = (await browser.post('/account/two-factor', { password: member.password })).body
      const confirmed = await browser.post('/account/two-factor/confirm', { code: await codeOf(totpUri) })
      assert.equal(confirmed.status, 204, confirmed.text)
      return { member, totpUri, browser }
    }

    test('no session works in an address or as a token', async () => {
      const member = await makeMember(world)
      const token = (await signIn(member)).cookies.get(session) ?? ''
      assert.notEqual(token, '')
      for (const name of [session, 'session', 'token', 'access_token'])
        for (const url of ['/account/session', '/account/members']) {
          const answer = await world.inject({ url: `${url}?${new URLSearchParams({ [name]: token })}` })
          assert.equal(answer.statusCode, 401, url)
        }
      const authorization = `Bearer ${decodeURIComponent(token)}`
      const bearer = await world.inject({ url: '/account', headers: { authorization } })
      assert.equal(bearer.statusCode, 401)
      const signed = await world.inject({ url: '/account', headers: { cookie: `${session}=${token}` } })
      assert.equal(signed.statusCode, 200, 'the cookie is the way')
      const unsigned = decodeURIComponent(token).split('.')[0] ?? ''
      const forged = await world.inject({ url: '/account', headers: { cookie: `${session}=${unsigned}` } })
      assert.equal(forged.statusCode, 401, 'what the database knows is no cookie')
    })

    test('a session that was planted plays no part in a sign-in by a second factor', async () => {
      const { member, totpUri } = await withSecondFactor()
      const stranger = await makeMember(world)
      const browser = await signIn(member)
      const waiting = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
      const answer = await browser.post(
        '/account/sign-in/two-factor',
        { code: await codeOf(totpUri) },
        { cookie: `${stranger.headers.cookie}; ${waiting}` },
      )
      assert.equal(answer.status, 200, answer.text)
      assert.equal((await browser.get('/account/session')).body.person.id, member.personId)
      assert.notEqual(`${session}=${browser.cookies.get(session)}`, stranger.headers.cookie)
    })

    test('after ten wrong codes in a row the right one is told to wait', async () => {
      const { member, totpUri } = await withSecondFactor()
      for (let wrong = 0; wrong < 10; wrong += 5) {
        const browser = await signIn(member)
        for (let code = 0; code < 5; code += 1) {
          const answer = await browser.post('/account/sign-in/two-factor', { recoveryCode: 'wrong-codes' })
          assert.equal(answer.status, 401)
        }
      }
      const locked = await (await signIn(member)).post('/account/sign-in/two-factor', {
        code: await codeOf(totpUri),
      })
      assert.deepEqual([locked.status, locked.headers['retry-after']], [429, '900'], locked.text)
    })

    test('who has no second factor ends none, and who has one sets up no other', async () => {
      const plain = await makeMember(world)
      const { browser, totpUri, member } = await withSecondFactor()
      const { password } = member
      const count = async () => {
        const { count } = await world.database.db
          .selectFrom('audit')
          .select((eb) => eb.fn.countAll<number>().as('count'))
          .executeTakeFirstOrThrow()
        return Number(count)
      }
      const before = await count()
      const refused = [
        await plain.call('POST', '/account/two-factor/off', { password }),
        await plain.call('POST', '/account/two-factor/recovery-codes', { password }),
        await browser.post('/account/two-factor', { password }),
        await browser.post('/account/two-factor/confirm', { code: await codeOf(totpUri) }),
      ]
      assert.deepEqual(
        refused.map(({ status }) => status),
        [409, 409, 409, 409],
      )
      assert.equal(await count(), before, 'the trail tells of nothing that did not happen')
      assert.equal((await plain.call('GET', '/account/session')).status, 200)
    })

    test('a new password ends links of mails that were to choose another one', async () => {
      const member = await makeMember(world)
      await makeBrowser(world).post('/account/password-reset', { email: member.email })
      const { token } = await waitForMail(world, member.email)
      const newPassword = 'a wholly new battery'
      const { password: currentPassword } = member
      const changed = await member.call('POST', '/account/password', { currentPassword, newPassword })
      assert.equal(changed.status, 204, changed.text)
      const late = { token, password: 'stolen from the mailbox' }
      assert.equal((await makeBrowser(world).post('/account/password-reset/complete', late)).status, 410)
    })

    test('signing out everywhere lets the browser forget its cookie', async () => {
      const browser = await signIn(await makeMember(world))
      assert.equal((await browser.post('/account/sign-out-everywhere')).status, 204)
      assert.equal(browser.cookies.get(session), undefined)
    })

    test('the list of sessions says when each was used; those that ended leave the database', async () => {
      const member = await makeMember(world)
      const { db } = world.database
      const longAgo = new Date(Date.now() - 3_600_000).toISOString()
      const rows = db.updateTable('person_session').where('person_id', '=', member.personId)
      await rows.set({ updated_at: longAgo }).execute()
      const { items } = (await member.call('GET', '/account/sessions')).body
      assert.ok(items[0].lastUsedAt > longAgo, items[0].lastUsedAt)
      await rows.set({ expires_at: longAgo }).execute()
      await world.app.background.run()
      const left = await db
        .selectFrom('person_session')
        .select('id')
        .where('person_id', '=', member.personId)
        .execute()
      assert.deepEqual(left, [])
    })
  })

test('over https the cookie has the prefix that browsers guard, and never goes over plain http', async () => {
  const world = await createWorld({ settings: { LATCHKEY_PUBLIC_URL: 'https://api.example' } })
  const browser = makeBrowser(world)
  const made = await browser.post('/account/sign-up', {
    email: 'ada@acme.example',
    password: 'correct horse battery',
    company: 'Acme',
  })
  assert.equal(made.status, 201, made.text)
  const [cookie = ''] = browser.lastSetCookies()
  assert.match(cookie, /^__Secure-latchkey\.session_token=/)
  for (const part of ['Secure', 'HttpOnly', 'SameSite=Lax', 'Path=/'])
    assert.match(cookie, new RegExp(`; ${part}(;|$)`))
  assert.equal((await browser.get('/account/session')).status, 200)
  await world.close()
})
