import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dialectsOfRun } from '../testing/database.ts'
import { createWorld, tokenRequest } from '../testing/world.ts'

for (const dialect of dialectsOfRun) {
  test(`${dialect}: the last use of a secret is known, and a refused one is none`, async () => {
    const world = await createWorld({ dialect })
    const client = await world.makeClient()
    const lastUse = async () => {
      await world.app.lastUsed.flush()
      const row = await world.database.db
        .selectFrom('client_secret')
        .select('last_used_at')
        .executeTakeFirstOrThrow()
      return row.last_used_at
    }
    await world.inject(
      tokenRequest({ ...client, clientSecret: 'wrong' }, 'grant_type=client_credentials&scope=event'),
    )
    assert.equal(await lastUse(), null)
    await world.token(['event'], client)
    assert.equal(await lastUse(), world.clock.now())
    world.clock.advance(5000)
    await Promise.all([1, 2, 3].map(() => world.token(['event'], client)))
    assert.equal(await lastUse(), world.clock.now())
    await world.close()
  })
}
