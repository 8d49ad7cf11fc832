import type { ActivityStore } from './activity-store.ts'
import type { Batch } from './batch.ts'

/** Writes batches together; resolves when they are stored. */
export interface BatchWriter {
  /** The most entries that it is given at once. */
  batchEntries: number
  write: (batches: readonly Batch[]) => Promise<void>
  close: () => Promise<void>
}

/** Before which day what goes: days since 1970, UTC. */
export interface Retention {
  entriesBefore: number
  callersBefore: number
  countersBefore: number
}

/** What a database does for activity. */
export interface ActivityBackend {
  writer: BatchWriter
  store: ActivityStore
  /** Drops what is older, and makes room for the days to come. Done twice, it changes nothing. */
  keep: (retention: Retention, today: number) => Promise<void>
}
