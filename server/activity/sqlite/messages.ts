// What the main thread and the thread of the activity files say to each other.
import type { IdRange } from '../page.ts'
import type { SqlText } from './file-reader.ts'

export type Question =
  /** Batches, each as one JSON text: the cheapest thing to hand to another thread. */
  | { kind: 'write'; batches: readonly string[] }
  | { kind: 'find'; uuid: string }
  | { kind: 'page'; matching: SqlText; range: IdRange; limit: number }
  /** A statement for logs.db. */
  | { kind: 'query'; query: SqlText }
  | { kind: 'drop'; entriesBefore: number; callersBefore: number }
  | { kind: 'close' }

export interface Asked {
  id: number
  question: Question
}

export interface Answered {
  id: number
  value?: unknown
  failed?: { message: string; code: string | undefined }
}

export interface ThreadData {
  logsFile: string
  folder: string
  /** The name of this node in each entry. */
  node: string
}
