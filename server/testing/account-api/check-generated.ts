import type { TestDialect } from '../database.ts'
import { createWorld } from '../world.ts'
import { sendGeneratedRequests } from './generated-requests.ts'
import { accountOperations, endsCaller, nameOf } from './operations.ts'
import { stopSyncing } from './unsynced.ts'
import { assertWholeRows } from './whole-rows.ts'

/** Sends requests to a world of its own, then looks whether everything in it is whole. */
export async function checkGeneratedRequests(
  dialect: TestDialect,
  count: number,
  seed: number,
  say: (text: string) => void,
): Promise<void> {
  say(`seed ${seed}`)
  const world = await createWorld({ dialect, outbound: { resolve: async () => [] } })
  try {
    await stopSyncing(world, dialect)
    const operations = accountOperations(world.app.openapi()).filter(
      (operation) => !endsCaller.has(nameOf(operation)),
    )
    const started = performance.now()
    const { requests, statuses, neverDone } = await sendGeneratedRequests(world, operations, count, seed)
    const perSecond = Math.round((requests * 1000) / (performance.now() - started))
    const entries = await assertWholeRows(world)
    say(`${requests} requests, ${perSecond} a second, ${entries} audit entries: ${JSON.stringify(statuses)}`)
    if (neverDone.length > 0) say(`never succeeded: ${neverDone.join(', ')}`)
  } finally {
    await world.close()
  }
}
