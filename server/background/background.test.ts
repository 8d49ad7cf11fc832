import assert from 'node:assert/strict'
import { test } from 'node:test'
import { recordChange } from '../database/changes.ts'
import { useOnce } from '../oauth/used-proofs.ts'
import { testDialects } from '../testing/database.ts'
import { createWorld, type World } from '../testing/world.ts'
import { createBackground } from './background.ts'

/** Nodes that count how often each did the work. */
function makeNodes(world: World, count: number) {
  const turns = Array.from({ length: count }, () => 0)
  const nodes = turns.map((_, index) =>
    createBackground({
      db: world.database.db,
      now: world.clock.now,
      holder: `node-${index}`,
      jobs: {
        fails: async () => {
          throw new Error('as it may')
        },
        counts: async () => {
          turns[index] = (turns[index] ?? 0) + 1
        },
      },
      onError: () => undefined,
    }),
  )
  return { turns, run: () => Promise.all(nodes.map((node) => node.run())), nodes }
}

for (const dialect of testDialects) {
  test(`${dialect}: of many nodes one does the work, another takes over within 30 s when it died, at once when it stopped`, async () => {
    const world = await createWorld({ dialect })
    const { turns, run, nodes } = makeNodes(world, 3)
    await run()
    const [first = -1, ...more] = turns.flatMap((count, index) => (count > 0 ? [index] : []))
    assert.deepEqual(more, [])
    world.clock.advance(10_000)
    await run()
    assert.equal(turns[first], 2)
    // It died: the others come by every ten seconds.
    const others = nodes.filter((_, index) => index !== first)
    const takenOver = async () => {
      await Promise.all(others.map((node) => node.run()))
      return turns.reduce((sum, count) => sum + count) - 2
    }
    world.clock.advance(24_999)
    assert.equal(await takenOver(), 0)
    world.clock.advance(1)
    assert.equal(await takenOver(), 1)

    const second = turns.findIndex((count, index) => count > 0 && index !== first)
    await nodes[second]?.stop()
    const third = nodes.find((_, index) => index !== first && index !== second)
    await third?.run()
    assert.deepEqual(turns.toSorted(), [1, 1, 2])
    await world.close()
  })

  test(`${dialect}: it forgets used proofs, revocations and changes once nobody needs them`, async () => {
    const world = await createWorld({ dialect })
    const { db } = world.database
    const now = world.clock.now()
    await useOnce(db, 'client', 'a', now + 60_000)
    await useOnce(db, 'client', 'b', now + 25 * 3_600_000)
    await recordChange(db, 'client', 'x', now)
    const revocation = {
      at: now,
      kind: 'token',
      environment: 'test',
      client_id: 'x',
      not_before: null,
    } as const
    for (const [token_id, expires_at] of [
      ['a', now + 60_000],
      ['b', now + 25 * 3_600_000],
    ] as const)
      await db
        .insertInto('revocation')
        .values({ ...revocation, token_id, expires_at })
        .execute()
    const count = async (table: 'used_proof' | 'revocation' | 'change_log') => {
      const rows = await db
        .selectFrom(table)
        .select((eb) => eb.fn.countAll().as('rows'))
        .execute()
      return Number(rows[0]?.rows)
    }
    await world.app.background.run()
    assert.deepEqual([await count('used_proof'), await count('revocation')], [2, 2])
    assert.ok((await count('change_log')) > 0)
    world.clock.advance(24 * 3_600_000 + 1)
    await world.app.background.run()
    assert.deepEqual(
      [await count('used_proof'), await count('revocation'), await count('change_log')],
      [1, 1, 0],
    )
    await world.close()
  })
}
