import assert from 'node:assert/strict'
import { test } from 'node:test'
import { disableClient } from '../clients/revocations.ts'
import { testDialects } from '../testing/database.ts'
import { openSecondApp } from '../testing/second-app.ts'
import { createWorld, tokenRequest } from '../testing/world.ts'
import { recordChange, watchChanges } from './changes.ts'

const body = 'grant_type=client_credentials&scope=event'
const skip = !testDialects.includes('postgres') && 'PostgreSQL is not here'

for (const dialect of testDialects) {
  test(`${dialect}: each change is told once, in order, also one that was committed late`, async () => {
    const world = await createWorld({ dialect })
    const { db } = world.database
    const told: string[] = []
    const watch = await watchChanges({
      db,
      now: world.clock.now,
      onChange: async (_kind, key) => void told.push(key),
      onError: () => undefined,
    })
    await watch.poll()
    told.length = 0
    await recordChange(db, 'client', 'a', 1)
    const { seq } = await db
      .selectFrom('change_log')
      .select((eb) => eb.fn.max('seq').as('seq'))
      .executeTakeFirstOrThrow()
    const insert = (ahead: number, key: string) =>
      db
        .insertInto('change_log')
        .values({ seq: Number(seq) + ahead, at: 1, kind: 'client', key })
        .execute()
    await insert(100, 'c')
    await watch.poll()
    // A number that was given out before the last one, and becomes visible after it.
    await insert(50, 'late')
    await watch.poll()
    await watch.poll()
    assert.deepEqual(told, ['a', 'c', 'late'])
    await watch.stop()
    await world.close()
  })
}

test('a client disabled on one node is refused by another within a second, its living token too', {
  skip,
}, async () => {
  const world = await createWorld({ dialect: 'postgres' })
  const second = await openSecondApp(world)
  const client = await world.makeClient()
  const token = await world.token(['event'], client)
  const call = async () =>
    (
      await second.app.server.inject({
        url: '/notification/events',
        headers: { authorization: `Bearer ${token}` },
      })
    ).statusCode
  assert.equal((await second.app.server.inject(tokenRequest(client, body))).statusCode, 200)
  assert.equal(await call(), 200)
  const startedAt = performance.now()
  await disableClient(world.database.db, { id: client.clientId, environment: 'test' }, world.clock.now())
  while ((await call()) === 200) assert.ok(performance.now() - startedAt < 5000)
  assert.equal((await second.app.server.inject(tokenRequest(client, body))).statusCode, 401)
  await second.close()
  await world.close()
})
