import assert from 'node:assert/strict'
import type { TestDialect } from '../database.ts'
import { createWorld } from '../world.ts'
import { runMatrix } from './matrix.ts'
import { accountOperations } from './operations.ts'
import { stopSyncing } from './unsynced.ts'

/** Runs the matrix in a world of its own, and says how many cells it has. */
export async function checkMatrix(
  dialect: TestDialect,
  isWhole: boolean,
  say: (text: string) => void,
): Promise<void> {
  const world = await createWorld({ dialect, outbound: { resolve: async () => [] } })
  try {
    await stopSyncing(world, dialect)
    const operations = accountOperations(world.app.openapi())
    const { cells, leaks, faults } = await runMatrix(world, operations, isWhole)
    const summary = `matrix: ${cells.toLocaleString('en')} cells of ${operations.length} operations, ${leaks.length} leaks`
    say(summary)
    assert.ok(cells > (isWhole ? 100 : 20) * operations.length, summary)
    assert.deepEqual([leaks.slice(0, 20), faults.slice(0, 20)], [[], []], summary)
  } finally {
    await world.close()
  }
}
