// Members of a declared set-up: made once, in the role that it says; a password that somebody has chosen is his.
import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { makeBrowser } from '../testing/browser.ts'
import { dialectsOfRun } from '../testing/database.ts'
import { createWorld, type World } from '../testing/world.ts'
import { applySetup } from './apply.ts'
import { parseDeclaredSetup, SetupError } from './declared-setup.ts'

const password = 'correct horse battery'
const ada = { email: 'Ada@acme.example', name: 'Ada', password, role: 'owner' }

async function apply(world: World, members: readonly object[]): Promise<void> {
  const setup = parseDeclaredSetup(JSON.stringify({ accounts: [{ id: 'acme', name: 'Acme', members }] }))
  const { newId } = world
  await applySetup(world.database.db, setup, { pepper: world.app.pepper, nowMs: world.clock.now(), newId })
}

for (const dialect of dialectsOfRun)
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
          error instanceof SetupError && /bob@acme\.example is new and needs a password/.test(error.message),
      )
      const eve = await makeBrowser(world).post('/account/sign-in', { email: 'eve@acme.example', password })
      assert.equal(eve.status, 401)
    })
  })
