// The link that confirms an address: once, for one account, and only while it is the newest.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import type { Database } from '../database/tables.ts'
import { atOneMoment } from '../testing/at-one-moment.ts'
import { makeBrowser } from '../testing/browser.ts'
import { testDialects } from '../testing/database.ts'
import { readMails, waitForMail } from '../testing/mailbox.ts'
import { insertManyClients } from '../testing/many-clients.ts'
import { createWorld, tokenRequest, type World } from '../testing/world.ts'

const password = 'correct horse battery'
const chosen = 'another battery staple'

for (const dialect of testDialects)
  describe(dialect, () => {
    let world: World
    before(async () => {
      world = await createWorld({ dialect })
    })
    after(() => world.close())

    const confirm = (token: string | undefined, as = chosen) =>
      makeBrowser(world).post('/account/email-confirmation/complete', { token, password: as })

    async function signUp(email: string, company: string, count: number) {
      const browser = makeBrowser(world)
      const made = await browser.post('/account/sign-up', { email, password, company })
      assert.equal(made.status, 201, made.text)
      return { browser, mail: await waitForMail(world, email, count) }
    }

    test('of two accounts that are confirmed with one address at the same moment, one has it', async () => {
      const email = 'both@acme.example'
      await signUp(email, 'One', 1)
      await signUp(email, 'Two', 2)
      const confirmBoth = () => Promise.all(readMails(world, email).map(({ token }) => confirm(token)))
      const hold = (tx: Database) =>
        tx.selectFrom('person').select('id').where('claimed_email', '=', email).forUpdate().execute()
      const answers = await (dialect === 'postgres' ? atOneMoment(world, hold, confirmBoth) : confirmBoth())
      assert.deepEqual(answers.map(({ status }) => status).toSorted(), [200, 409])
      const people = await world.database.db
        .selectFrom('person')
        .select('id')
        .where('email', '=', email)
        .execute()
      assert.equal(people.length, 1)
    })

    for (const [where, isSame] of [
      ['another browser', false],
      ['the browser that signed up', true],
    ] as const)
      test(`whoever confirms in ${where} ${isSame ? 'keeps' : 'ends'} the clients that were made before`, async () => {
        const email = `squatted-${isSame}@acme.example`
        const { browser, mail } = await signUp(email, 'Squatter', 1)
        const made = await browser.post('/account/test/api-clients', {
          name: 'Kept',
          scopes: ['account_read', 'account_write'],
        })
        const client = { clientId: made.body.client.id, clientSecret: made.body.secret.secret }
        const wish = { token: mail.token, password: chosen }
        const confirmed = await (isSame ? browser : makeBrowser(world)).post(
          '/account/email-confirmation/complete',
          wish,
        )
        assert.deepEqual([confirmed.status, confirmed.body.clientsDisabled], [200, isSame ? 0 : 1])
        const form = 'grant_type=client_credentials&scope=account_write'
        const asked = await world.inject(tokenRequest(client, form))
        assert.equal(asked.statusCode, isSame ? 200 : 401)
      })

    test('confirmed elsewhere, not one of hundreds of clients stays', async () => {
      const { browser, mail } = await signUp('squatted-by-many@acme.example', 'Many', 1)
      const session = await browser.get('/account/session')
      const owner = { accountId: session.body.account.id, environment: 'test' as const }
      await insertManyClients(world, owner, 1_100)
      const confirmed = await confirm(mail.token)
      assert.deepEqual([confirmed.status, confirmed.body.clientsDisabled], [200, 1_100], confirmed.text)
      const enabled = await world.database.db
        .selectFrom('client')
        .select('id')
        .where('account_id', '=', owner.accountId)
        .where('disabled_at', 'is', null)
        .execute()
      assert.deepEqual(enabled, [])
    })

    test('links that are unknown, too old, used or replaced are refused with one text', async () => {
      const email = 'links@acme.example'
      const { browser, mail: first } = await signUp(email, 'Links', 1)
      assert.equal((await browser.post('/account/email-confirmation')).status, 202)
      const second = await waitForMail(world, email, 2)
      const refused = [await confirm('x'.repeat(43)), await confirm(first.token)]
      assert.equal((await confirm(second.token)).status, 200)
      refused.push(await confirm(second.token))
      const late = await signUp('too-late@acme.example', 'Late', 1)
      world.clock.advance(7 * 86_400_000 + 1)
      refused.push(await confirm(late.mail.token))
      for (const { status, body } of refused) {
        assert.equal(status, 410)
        assert.equal(body.detail, refused[0]?.body.detail)
      }
    })

    test('a weak password uses the link up no more than it opens anything', async () => {
      const { browser, mail } = await signUp('weak-password@acme.example', 'Weak', 1)
      const weak = await confirm(mail.token, 'weak-password@acme.example')
      assert.deepEqual([weak.status, weak.body.errors[0].field], [400, 'body.password'])
      assert.equal((await browser.get('/account/session')).status, 200, 'nothing ended')
      assert.equal((await confirm(mail.token)).status, 200)
    })

    test('until it is confirmed nobody is invited, and no second factor set up', async () => {
      const { browser } = await signUp('alone@acme.example', 'Alone', 1)
      for (const [url, body] of [
        ['/account/invitations', { email: 'friend@acme.example', role: 'viewer' }],
        ['/account/two-factor', { password }],
      ] as const) {
        const answer = await browser.post(url, body)
        assert.match(answer.body.type, /email_unconfirmed$/, url)
      }
      assert.deepEqual(readMails(world, 'friend@acme.example'), [])
    })

    test('one address is sent a few mails an hour; signing up and asking are answered as ever', async () => {
      const email = 'flooded@acme.example'
      const { browser } = await signUp(email, 'Flooded', 1)
      for (let count = 2; count <= 5; count += 1) await signUp(email, 'Again', count)
      const sixth = await makeBrowser(world).post('/account/sign-up', { email, password, company: 'Sixth' })
      assert.equal(sixth.status, 201)
      const resent = await browser.post('/account/email-confirmation')
      assert.equal(resent.status, 429, 'who is signed in is told')
      assert.ok(Number(resent.headers['retry-after']) > 60)
      // A count of its own: strangers who sign up with an address keep nobody from a new password.
      for (let asked = 1; asked <= 7; asked += 1) {
        const answer = await makeBrowser(world).post('/account/password-reset', { email })
        assert.equal(answer.status, 202)
      }
      await waitForMail(world, email, 10)
      world.clock.advance(10 * 60_000)
      assert.equal(
        (await browser.post('/account/email-confirmation')).status,
        429,
        'not a minute but an hour',
      )
      world.clock.advance(50 * 60_000)
      assert.equal((await browser.post('/account/email-confirmation')).status, 202)
      await waitForMail(world, email, 11)
      assert.equal(readMails(world, email).length, 11)
    })
  })
