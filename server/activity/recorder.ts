import { storageFailure } from '../database/failures.ts'
import type { Now } from '../vocabulary/clock.ts'
import type { BatchWriter } from './backend.ts'
import { bounded } from './clean-text.ts'
import type { ActivityEntry, Happening } from './entry.ts'

/** Takes what happened off the hot path: queued in memory, written in batches within a second. */
export interface Recorder {
  record: (happening: Happening) => void
  /** Writes what waits; resolves when it is stored, or when the store is away. */
  flush: () => Promise<void>
  close: () => Promise<void>
  /** How many entries were given up because the store could not keep up or failed. */
  dropped: () => number
}

export interface RecorderOptions {
  writer: BatchWriter
  now: Now
  /** The name of this node in each entry. */
  node: string
  onDrop: (entries: number) => void
}

const batchMs = 400
/** While the store is away this much waits; then the newest are dropped and counted. */
const queueLimit = 20_000
const retryMs = 1000

export function createRecorder({ writer, now, node, onDrop }: RecorderOptions): Recorder {
  const { batchEntries } = writer
  // Two lists instead of one of copies: the hot path only appends.
  let queue: Happening[] = []
  let times: number[] = []
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> | undefined
  let dropped = 0

  let told = 0
  let tellTimer: NodeJS.Timeout | undefined

  function drop(entries: number): void {
    dropped += entries
    // Once a second: a line for each would be a flood of its own.
    tellTimer ??= setTimeout(tell, 1000).unref()
  }

  function tell(): void {
    clearTimeout(tellTimer)
    tellTimer = undefined
    if (dropped > told) onDrop(dropped - told)
    told = dropped
  }

  async function writeQueue(): Promise<void> {
    while (queue.length > 0) {
      const count = Math.min(queue.length, batchEntries)
      const batch: ActivityEntry[] = []
      for (let index = 0; index < count; index += 1) {
        const happening = queue[index]
        if (happening) batch.push({ ...happening, at: times[index] ?? now(), node })
      }
      const failure = await writer.write(batch).then(
        () => undefined,
        (error: unknown) => ({ mayRecover: storageFailure(error) !== undefined }),
      )
      // It waits for its store to come back; what cannot be written at all is given up.
      if (failure?.mayRecover) {
        timer ??= setTimeout(() => void flush(), retryMs)
        return
      }
      queue = queue.slice(count)
      times = times.slice(count)
      if (failure) drop(count)
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
    record(happening) {
      if (queue.length >= queueLimit) return drop(1)
      queue.push(bounded(happening))
      times.push(now())
      if (queue.length === batchEntries && !writing) void flush()
      else timer ??= setTimeout(() => void flush(), batchMs)
    },
    flush,
    async close() {
      await flush()
      clearTimeout(timer)
      if (queue.length > 0) drop(queue.length)
      tell()
      await writer.close()
    },
    dropped: () => dropped,
  }
}

/** Records nothing: what recording costs is measured beside it. */
export const noRecorder: Recorder = {
  record: () => undefined,
  flush: async () => undefined,
  close: async () => undefined,
  dropped: () => 0,
}
