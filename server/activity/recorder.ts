import type { Now } from '../vocabulary/clock.ts'
import type { TokenRequestRow } from './token-request-log.ts'
import type { BatchWriter } from './writer.ts'

/** Takes what happened off the hot path: queued in memory, written in batches within a second. */
export interface Recorder {
  record: (row: Omit<TokenRequestRow, 'at'>) => void
  /** Writes what waits; resolves when it is stored. */
  flush: () => Promise<void>
  close: () => Promise<void>
  /** How many rows were given up because the store could not keep up or failed. */
  dropped: () => number
}

const batchRows = 500
const batchMs = 250
/** While the store is away this much waits; then the newest are dropped and counted. */
const queueLimit = 20_000

export function createRecorder(writer: BatchWriter, now: Now, onDrop: (rows: number) => void): Recorder {
  let queue: TokenRequestRow[] = []
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> | undefined
  let dropped = 0

  const drop = (rows: number) => {
    dropped += rows
    onDrop(rows)
  }

  async function writeQueue(): Promise<void> {
    while (queue.length > 0) {
      const batch = queue.slice(0, batchRows)
      queue = queue.slice(batchRows)
      await writer.write(batch).catch(() => drop(batch.length))
    }
  }

  function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    writing ??= writeQueue().finally(() => {
      writing = undefined
    })
    return writing
  }

  return {
    record(row) {
      if (queue.length >= queueLimit) return drop(1)
      queue.push({ ...row, at: now() })
      if (queue.length >= batchRows) void flush()
      else timer ??= setTimeout(() => void flush(), batchMs)
    },
    flush,
    async close() {
      await flush()
      await writer.close()
    },
    dropped: () => dropped,
  }
}
