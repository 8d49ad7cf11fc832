// From "create a free test account" to a confirmed address: and nobody learns which addresses there are.
import assert from 'node:assert/strict'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { makeBrowser } from '../testing/browser.ts'
import { dialectsOfRun } from '../testing/database.ts'
import { readMails, waitForMail } from '../testing/mailbox.ts'
import { createWorld, type World } from '../testing/world.ts'

const password = 'correct horse battery'

for (const dialect of dialectsOfRun)
  describe(dialect, () => {
    let world: World
    before(async () => {
      world = await createWorld({ dialect })
    })
    after(() => world.close())

    test('signing up signs in as the owner of a test account, and a mail asks to confirm', async () => {
      const browser = makeBrowser(world)
      const made = await browser.post('/account/sign-up', {
        email: 'Ada@Acme.example',
        password,
        company: 'Acme <b>&',
      })
      assert.equal(made.status, 201, made.text)
      const session = (await browser.get('/account/session')).body
      assert.equal(session.account.name, 'Acme <b>&')
      assert.equal(session.account.production, 'none')
      assert.equal(session.member.role, 'owner')
      assert.deepEqual([session.person.email, session.person.emailConfirmed], ['ada@acme.example', false])
      const client = await browser.post('/account/test/api-clients', { name: 'First' })
      assert.equal(client.status, 201, client.text)
      const trail = (await browser.get('/account/audit')).body.items
      assert.deepEqual(
        trail.map((entry: { action: string }) => entry.action),
        ['secret.created', 'client.created', 'member.joined', 'account.created'],
      )

      const mail = await waitForMail(world, 'ada@acme.example')
      assert.match(mail.text, new RegExp(`^${world.url}/confirm#token=`, 'm'))
      const folder = join(world.dataDir, 'mail')
      assert.equal(statSync(folder).mode & 0o777, 0o700)
      for (const file of readdirSync(folder)) assert.equal(statSync(join(folder, file)).mode & 0o777, 0o600)

      const confirmed = await makeBrowser(world).post('/account/email-confirmation/complete', {
        token: mail.token,
        password: 'another battery staple',
      })
      assert.equal(confirmed.status, 200, confirmed.text)
      assert.equal((await browser.get('/account/session')).status, 401, 'earlier sessions ended')
      const again = makeBrowser(world)
      await again.post('/account/sign-in', { email: 'ada@acme.example', password: 'another battery staple' })
      const own = (await again.get('/account/session')).body
      assert.deepEqual([own.person.emailConfirmed, own.account.trialEndsAt], [true, null])
      const replayed = await makeBrowser(world).post('/account/email-confirmation/complete', {
        token: mail.token,
        password: 'yet another battery',
      })
      assert.equal(replayed.status, 410)
    })

    test('an address that has an account is answered alike, and its owner gets another mail', async () => {
      const email = 'grace@acme.example'
      const first = makeBrowser(world)
      await first.post('/account/sign-up', { email, password, company: 'One' })
      const { token } = await waitForMail(world, email)
      await first.post('/account/email-confirmation/complete', { token, password })
      const second = makeBrowser(world)
      const answer = await second.post('/account/sign-up', {
        email,
        password: 'stolen horse battery',
        company: 'Two',
      })
      const fresh = await makeBrowser(world).post('/account/sign-up', {
        email: 'grace@nowhere.example',
        password: 'stolen horse battery',
        company: 'Two',
      })
      // Each sign-up makes ids of its own: nothing else differs but the address that was given.
      const told = [answer, fresh].map(({ status, text }) => [
        status,
        text.replaceAll(/\b(acc|mem|per)_[\w-]+/g, '$1').replaceAll(/@\w+\.example/g, '@'),
      ])
      assert.equal(answer.status, 201)
      assert.deepEqual(told[0], told[1])
      const mail = await waitForMail(world, email, 2)
      assert.match(mail.subject, /already/)
      assert.equal(mail.token, '', 'it confirms nothing')
      // Each password opens its own account.
      for (const [used, company] of [
        [password, 'One'],
        ['stolen horse battery', 'Two'],
      ] as const) {
        const browser = makeBrowser(world)
        assert.equal((await browser.post('/account/sign-in', { email, password: used })).status, 200)
        assert.equal((await browser.get('/account/session')).body.account.name, company)
      }
    })

    for (const [what, body, field] of [
      ['a short password', { password: 'short' }, 'body.password'],
      ['one character', { password: 'aaaaaaaaaaaaaa' }, 'body.password'],
      ['a sequence', { password: '123456789012' }, 'body.password'],
      ['the address', { password: 'somebody@acme.example' }, 'body.password'],
      ['what everybody tries', { password: 'Password1234' }, 'body.password'],
      ['no address', { email: 'nobody' }, 'body.email'],
      ['an address with a line', { email: 'a@b.example\r\nBcc: c@d.example' }, 'body.email'],
      ['an empty company', { company: '  ' }, 'body.company'],
      ['a company with control characters', { company: 'Ac\u0000me' }, 'body.company'],
      ['a role of his own', { role: 'operator' }, 'body.role'],
    ] as const)
      test(`signing up with ${what} is refused, and says where`, async () => {
        const good = { email: 'somebody@acme.example', password, company: 'Acme' }
        const answer = await makeBrowser(world).post('/account/sign-up', { ...good, ...body })
        assert.equal(answer.status, 400, answer.text)
        assert.equal(answer.body.errors[0].field, field)
        assert.ok(!answer.text.includes('battery'))
        assert.deepEqual(readMails(world, 'somebody@acme.example'), [])
      })

    test('an account that nobody confirmed for 7 days is closed', async () => {
      const email = 'late@acme.example'
      const browser = makeBrowser(world)
      await browser.post('/account/sign-up', { email, password, company: 'Late' })
      const made = await browser.post('/account/test/api-clients', {
        name: 'First',
        scopes: ['document_read'],
      })
      const { id: clientId } = made.body.client
      world.clock.advance(7 * 86_400_000 + 1)
      await world.app.background.run()
      assert.equal((await browser.get('/account/session')).status, 401)
      const { db } = world.database
      const row = await db
        .selectFrom('client')
        .select('disabled_at')
        .where('id', '=', clientId)
        .executeTakeFirst()
      assert.notEqual(row?.disabled_at, null)
      const trail = await db
        .selectFrom('audit')
        .select(['action', 'actor_kind'])
        .where('object_id', '=', clientId)
        .orderBy('seq', 'desc')
        .executeTakeFirst()
      assert.deepEqual(trail, { action: 'client.disabled', actor_kind: 'system' })
      const signIn = await makeBrowser(world).post('/account/sign-in', { email, password })
      assert.match(signIn.body.type, /email_unconfirmed$/)
      const mail = await waitForMail(world, email, 2)
      const confirmed = await browser.post('/account/email-confirmation/complete', {
        token: mail.token,
        password: 'late but not too late',
      })
      assert.equal(confirmed.status, 200)
      assert.equal((await browser.get('/account/session')).body.account.trialEndsAt, null)
    })
  })
