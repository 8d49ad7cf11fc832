// A batch as both databases store it; as JSON it goes to another thread. By columns: that is the least to write and to read.
import type { Facts } from './facts.ts'

export interface DefinedFacts {
  /** What the rows of this and later batches call them. */
  number: number
  id: string
  facts: Facts
}

export interface FactsRow extends DefinedFacts {
  first_day: number
  last_day: number
}

/** Who called from where: personal data, stored by itself. It has the id of the first entry that has it. */
export interface CallerRow {
  id: string
  address: string | null
  user_agent: string | null
}

/** What is counted: its id, the number of its facts, when it ended. */
export interface CountedColumns {
  ids: string[]
  facts: number[]
  at: number[]
}

/** The entries of a day. */
export interface DayColumns extends CountedColumns {
  callers: (string | null)[]
  durations: number[]
  reasons: (string | null)[]
  newCallers: CallerRow[]
}

export interface Batch {
  /** Those that may not be stored yet. */
  facts: FactsRow[]
  /** Those that are not stored, but were not heard of before either. */
  defined: DefinedFacts[]
  days: [day: number, DayColumns][]
  /** What is counted without being kept. */
  countedOnly: CountedColumns
}

export function emptyDay(): DayColumns {
  return { ids: [], facts: [], at: [], callers: [], durations: [], reasons: [], newCallers: [] }
}
