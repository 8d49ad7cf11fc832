// Members of a declared set-up: made once, in the role that it says; a password that somebody has chosen is his.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { makeBrowser } from '../testing/browser.ts'
import { testDialects } from '../testing/database.ts'
import { createWorld, type World } from '../testing/world.ts'
import { applySetup } from './apply.ts'
import { hashPasswords } from './apply-members.ts'
import { parseDeclaredSetup, SetupError } from './declared-setup.ts'

const password = 'correct horse battery'
const ada = { email: 'Ada@acme.example', name: 'Ada', password, role: 'owner' }

async function apply(world: World, members: readonly object[]): Promise<void> {
  const setup = parseDeclaredSetup(JSON.stringify({ accounts: [{ id: 'acme', name: 'Acme', members }] }))
  const { newId } = world
  await applySetup(world.database.db, setup, { pepper: world.app.pepper, nowMs: world.clock.now(), newId })
}

for (const dialect of testDialects)
  describe(dialect, () => {
    let world: World
    before(async () => {
      world = await createWorld({ dialect })
    })
    after(() => world.close())

    test('a declared member signs in; declared again nothing changes but his role', async () => {
      await apply(world, [ada])
      const browser = makeBrowser(world)
      const signedIn = await browser.post('/account/sign-in', { email: 'ada@acme.example', password })
      assert.equal(signedIn.status, 200, signedIn.text)
      assert.equal((await browser.get('/account/session')).body.person.emailConfirmed, true)
      const newPassword = 'chosen by herself alone'
      await browser.post('/account/password', { currentPassword: password, newPassword })
      const entries = () => world.database.db.selectFrom('audit').select('action').execute()
      const before = (await entries()).length
      await apply(world, [ada])
      assert.equal((await entries()).length, before)
      const again = makeBrowser(world)
      const kept = await again.post('/account/sign-in', { email: ada.email, password: newPassword })
      assert.equal(kept.status, 200)
      await apply(world, [{ ...ada, role: 'viewer' }])
      assert.equal((await again.get('/account/session')).body.member.role, 'viewer')
      assert.equal((await entries()).at(-1)?.action, 'member.role_changed')
    })

    test('somebody new without a password is refused, and nothing of the set-up is done', async () => {
      const bob = { email: 'bob@acme.example', name: 'Bob', role: 'viewer' }
      await assert.rejects(
        apply(world, [{ ...bob, email: 'eve@acme.example', password }, bob]),
        (error: unknown) =>
          error instanceof SetupError &&
          /^account acme: members\.1 is new and needs a password\.$/.test(error.message),
      )
      const eve = await makeBrowser(world).post('/account/sign-in', { email: 'eve@acme.example', password })
      assert.equal(eve.status, 401)
    })

    for (const [what, members, expected] of [
      [
        'one address for two',
        [
          { ...ada, email: 'twin@acme.example' },
          { ...ada, email: 'Twin@acme.example', role: 'viewer' },
        ],
        /^account acme: members\.1 has an address that another one has\.$/,
      ],
      [
        'a password that everybody tries',
        [{ ...ada, email: 'weak@acme.example', password: 'Password1234' }],
        /^account acme: members\.0\.password is among the first that anybody would try\.$/,
      ],
      [
        'the address as password',
        [{ ...ada, email: 'weak@acme.example', password: 'weak@acme.example' }],
        /^account acme: members\.0\.password is hardly more than the address or the name\.$/,
      ],
    ] as const)
      test(`a set-up with ${what} is refused, and says the place without what stands there`, async () => {
        await assert.rejects(
          apply(world, members),
          (error: unknown) => error instanceof SetupError && expected.test(error.message),
        )
        const { db } = world.database
        const emails = await db.selectFrom('person').select('email').execute()
        assert.deepEqual(
          emails.filter(({ email }) => /^(twin|weak)@/.test(email)),
          [],
        )
      })

    test('who is there needs no password and no hash; he joins another account by his address', async () => {
      const { password: _password, ...known } = { ...ada, name: 'Somebody else', role: 'developer' }
      const accounts = [
        { id: 'acme', name: 'Acme', members: [{ ...ada, role: 'viewer' }] },
        { id: 'beta', name: 'Beta', members: [known] },
      ]
      const setup = parseDeclaredSetup(JSON.stringify({ accounts }))
      assert.equal((await hashPasswords(world.database.db, setup)).size, 0)
      const { newId } = world
      const context = { pepper: world.app.pepper, nowMs: world.clock.now(), newId }
      await applySetup(world.database.db, setup, context)
      const people = await world.database.db
        .selectFrom('member')
        .innerJoin('person', 'person.id', 'member.person_id')
        .select(['member.account_id', 'member.role', 'person.name'])
        .where('person.email', '=', 'ada@acme.example')
        .orderBy('member.account_id')
        .execute()
      assert.deepEqual(people, [
        { account_id: 'acme', role: 'viewer', name: 'Ada' },
        { account_id: 'beta', role: 'developer', name: 'Ada' },
      ])
    })
  })
