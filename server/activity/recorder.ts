import { setImmediate as nextTurn } from 'node:timers/promises'
import { storageFailure } from '../database/failures.ts'
import type { Now } from '../vocabulary/clock.ts'
import type { BatchWriter } from './backend.ts'
import type { Batch } from './batch.ts'
import type { Happening } from './entry.ts'
import { createQueue } from './queue.ts'

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
  /** Told once a second of what was given up: a line for each would be a flood of its own. */
  onDrop: (entries: number) => void
}

const batchMs = 400
/** While the store is away this much waits; then the newest are dropped and counted. */
const queueLimit = 20_000
const retryMs = 1000
/** So many are prepared in one turn of the event loop: a request never waits long for it. */
const preparedAtOnce = 500

export function createRecorder({ writer, now, onDrop }: RecorderOptions): Recorder {
  const { batchEntries } = writer
  const queue = createQueue()
  let timer: NodeJS.Timeout | undefined
  let writing: Promise<void> | undefined
  let dropped = 0
  let told = 0
  let tellTimer: NodeJS.Timeout | undefined

  function drop(entries: number): void {
    dropped += entries
    tellTimer ??= setTimeout(tell, 1000).unref()
  }

  function tell(): void {
    clearTimeout(tellTimer)
    tellTimer = undefined
    if (dropped > told) onDrop(dropped - told)
    told = dropped
  }

  async function write(count: number): Promise<void> {
    const batches: Batch[] = []
    for (let start = 0; start < count; start += preparedAtOnce) {
      if (start > 0) await nextTurn()
      batches.push(queue.prepare(start, Math.min(start + preparedAtOnce, count)))
    }
    await writer.write(batches)
  }

  /** @returns what went wrong. */
  async function tryToWrite(count: number): Promise<unknown> {
    try {
      await write(count).catch(async (error: unknown) => {
        queue.forget()
        if (!(error instanceof Error && 'code' in error && error.code === 'FACTS_UNKNOWN')) throw error
        await write(count)
      })
      return undefined
    } catch (error) {
      queue.forget()
      return error
    }
  }

  async function writeQueue(): Promise<void> {
    while (queue.length() > 0) {
      const count = Math.min(queue.length(), batchEntries)
      const failure = await tryToWrite(count)
      // It waits for its store to come back; what cannot be written at all is given up.
      if (failure !== undefined && storageFailure(failure) !== undefined) {
        timer ??= setTimeout(() => void flush(), retryMs)
        return
      }
      queue.remove(count)
      if (failure !== undefined) drop(count)
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
      const waiting = queue.length()
      if (waiting >= queueLimit) return drop(1)
      queue.add(happening, now())
      if (waiting + 1 === batchEntries && !writing) void flush()
      else timer ??= setTimeout(() => void flush(), batchMs)
    },
    flush,
    async close() {
      await flush()
      clearTimeout(timer)
      if (queue.length() > 0) drop(queue.length())
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
