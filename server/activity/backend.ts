import type { ActivityStore } from './activity-store.ts'
import type { ActivityEntry } from './entry.ts'

/** Writes one batch; resolves when it is stored. */
export interface BatchWriter {
  /** The most entries that it is given at once. */
  batchEntries: number
  write: (entries: readonly ActivityEntry[]) => Promise<void>
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
