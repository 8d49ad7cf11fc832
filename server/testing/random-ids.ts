import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { countQueries } from './count-queries.ts'
import type { TestDialect } from './database.ts'
import { createWorld, type TestClient, tokenRequest } from './world.ts'

const batchSize = 200

/** Statement 41: what an attacker's random ids from one address cost, while a rightful caller has the same address. */
export async function floodWithRandomIds(dialect: TestDialect, ids: number): Promise<void> {
  const world = await createWorld({ dialect })
  const ask = (client: TestClient) =>
    world.inject({
      ...tokenRequest(client, 'grant_type=client_credentials&scope=event'),
      remoteAddress: '203.0.113.7',
    })
  const warm = await world.makeClient({ scopes: ['event'] })
  assert.equal((await ask(warm)).statusCode, 200)
  const reads = countQueries(world.database.db, /from "client"/)
  const statuses = new Map<number, number>()
  for (let sent = 0; sent < ids; sent += batchSize) {
    const answers = await Promise.all(
      Array.from({ length: batchSize }, () =>
        ask({ clientId: `test-${randomBytes(6).toString('hex')}`, clientSecret: 'x' }),
      ),
    )
    for (const { statusCode } of answers) statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1)
    assert.equal((await ask(warm)).statusCode, 200, 'a client that was seen before is not held up')
    // Each second of the moved clock brings five batches, a thousand ids.
    world.clock.advance(200)
  }
  // The first batch is on its way before the hundredth failure is known; from then on ten a second are looked up.
  const lookUps = batchSize + 10 * Math.ceil(ids / batchSize / 5)
  assert.equal(statuses.get(401), 100)
  assert.equal(statuses.get(429), ids - 100)
  assert.ok(reads() <= lookUps + 10, `${reads()} reads for ${ids} ids`)
  await world.app.recorder.flush()
  assert.ok(reads() <= lookUps + 10, `${reads()} reads for ${ids} ids, with what was recorded of them`)
  await world.close()
}
