// Who guesses passwords. Each try costs a hash, so this is a long proof.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeBrowser } from '../testing/browser.ts'
import { testDialects } from '../testing/database.ts'
import { makeMember } from '../testing/member.ts'
import { createWorld } from '../testing/world.ts'

for (const dialect of testDialects)
  test(`${dialect}: who tries many passwords is slowed, the right one is not`, async () => {
    const world = await createWorld({ dialect })
    const { email, password } = await makeMember(world)
    const signIn = (word: string) => makeBrowser(world).post('/account/sign-in', { email, password: word })
    const statuses: number[] = []
    for (let attempt = 0; attempt < 25; attempt += 1)
      statuses.push((await signIn(`wrong horse battery ${attempt}`)).status)
    assert.equal(statuses[0], 401)
    assert.equal(statuses.at(-1), 429)
    assert.equal((await signIn(password)).status, 200)
    await world.close()
  })
