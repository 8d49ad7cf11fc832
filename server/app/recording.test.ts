import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDialects } from '../testing/database.ts'
import { createWorld } from '../testing/world.ts'

for (const dialect of testDialects) {
  test(`${dialect}: of a flood of refusals the first are kept, and all are counted`, async () => {
    const world = await createWorld({ dialect })
    const client = await world.makeClient({ scopes: ['event'] })
    const token = await world.token(['event'], client)
    const headers = { authorization: `Bearer ${token}` }
    for (let index = 0; index < 30; index += 1) {
      // As when another node has just changed it: nothing may be counted as nobody's for that.
      if (index === 20) world.app.clients.forget(client.clientId)
      await world.inject({ url: '/signature/documents', headers })
    }
    await world.app.recorder.flush()
    const of = { accountId: 'acme', environment: 'test' } as const
    const kept = await world.app.activity.page(
      { of, error: 'insufficient_scope' },
      { limit: 100, belowId: undefined },
    )
    assert.equal(kept.length, 10)
    const time = { fromMs: 0, toMs: world.clock.now() + 3_600_000 }
    const totals = await world.app.activity.clientTotals({ of, clientId: client.clientId, ...time })
    assert.deepEqual(
      totals.filter(({ kind }) => kind === 'api_call').map(({ granted, refused }) => [granted, refused]),
      [[0, 30]],
    )
    await world.close()
  })
}
