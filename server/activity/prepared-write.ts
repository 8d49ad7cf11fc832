import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ActivityEntry } from './entry.ts'
import { createPreparation, type PreparedBatch } from './prepare.ts'

/** So many are prepared in one turn of the event loop: a request never waits long for it. */
const atOnce = 500

/** Prepares entries and sends them; what was not stored is prepared anew the next time. */
export function writePrepared(
  send: (batches: readonly PreparedBatch[]) => Promise<void>,
): (entries: readonly ActivityEntry[]) => Promise<void> {
  const preparation = createPreparation()

  async function prepareAndSend(entries: readonly ActivityEntry[]): Promise<void> {
    const batches: PreparedBatch[] = []
    for (let start = 0; start < entries.length; start += atOnce) {
      if (start > 0) await nextTurn()
      batches.push(preparation.prepare(entries.slice(start, start + atOnce)))
    }
    await send(batches)
  }

  return async (entries) => {
    try {
      await prepareAndSend(entries).catch(async (error: unknown) => {
        preparation.forget()
        if (!(error instanceof Error && 'code' in error && error.code === 'FACTS_UNKNOWN')) throw error
        await prepareAndSend(entries)
      })
    } catch (error) {
      preparation.forget()
      throw error
    }
  }
}
