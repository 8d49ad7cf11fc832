import { cleanText, longest } from './clean-text.ts'
import type { ActivityEntry } from './entry.ts'
import { dayOf, uuidOf } from './entry-id.ts'
import { coarseFacts, type Facts, factsId, factsKey, factsOf } from './facts.ts'

/** An entry apart from its facts and its caller. */
export interface EntryRow {
  id: string
  facts_id: string
  caller_id: string | null
  at: number
  duration_ms: number
  reason: string | null
  node: string
}

/** Who called from where: personal data, stored by itself. It has the id of the first entry that has it. */
export interface CallerRow {
  id: string
  address: string | null
  user_agent: string | null
}

export interface DefinedFacts {
  id: string
  facts: Facts
}

export interface FactsRow extends DefinedFacts {
  first_day: number
  last_day: number
}

/** What is counted without being kept. */
export type CountedRow = Pick<EntryRow, 'id' | 'facts_id' | 'at'>

/** A batch as both databases store it; as JSON it goes to another thread. */
export interface PreparedBatch {
  /** Those that may not be stored yet, in the order of their ids. */
  facts: FactsRow[]
  /** Those that are not stored, but were not heard of before either. */
  defined: DefinedFacts[]
  days: [day: number, DayRows][]
  countedOnly: CountedRow[]
}

export interface DayRows {
  entries: EntryRow[]
  callers: CallerRow[]
}

export interface Preparation {
  prepare: (entries: readonly ActivityEntry[]) => PreparedBatch
  /** Nothing of what was prepared may be stored: it is all written again. */
  forget: () => void
}

interface Known {
  id: string
  facts: Facts
  /** True once a batch has had them. */
  defined: boolean
  /** Between which days it is stored that there are entries. */
  firstDay: number
  lastDay: number
}

/** Beyond it what is known is forgotten and written once more, which changes nothing. */
const knownLimit = 20_000

/**
 * Splits entries into facts, callers and the rest, and remembers which facts and callers were stored.
 * @param madeUpLimit so many different refusals a day are kept in full: what outsiders send must not fill the store.
 */
export function createPreparation(madeUpLimit = 10_000): Preparation {
  const known = new Map<string, Known>()
  let callers = new Map<string, string>()
  let callersDay = 0
  let refusals = { day: 0, different: 0 }

  function knownFacts(entry: ActivityEntry, day: number): Known {
    const key = factsKey(entry)
    const found = known.get(key)
    if (found) return found
    if (known.size >= knownLimit) known.clear()
    let facts = factsOf(entry)
    if (facts.error !== null) {
      if (refusals.day !== day) refusals = { day, different: 0 }
      refusals.different += 1
      if (refusals.different > madeUpLimit) facts = coarseFacts(facts)
    }
    const days = { firstDay: Number.POSITIVE_INFINITY, lastDay: -1 }
    const made = { id: factsId(facts), facts, defined: false, ...days }
    known.set(key, made)
    return made
  }

  function callerOf(entry: ActivityEntry, uuid: string, day: number, fresh: CallerRow[]): string | null {
    if (entry.address === null && entry.userAgent === null) return null
    // A caller is in the day of its entry: a new day has its own.
    if (callersDay !== day || callers.size >= knownLimit) {
      callers = new Map()
      callersDay = day
    }
    const key = `${entry.address}\n${entry.userAgent}`
    const found = callers.get(key)
    if (found !== undefined) return found
    callers.set(key, uuid)
    fresh.push({
      id: uuid,
      address: entry.address && cleanText(entry.address, longest.address),
      user_agent: entry.userAgent && cleanText(entry.userAgent, longest.userAgent),
    })
    return uuid
  }

  return {
    prepare(entries) {
      const facts = new Map<string, FactsRow>()
      const days = new Map<number, DayRows>()
      const defined: DefinedFacts[] = []
      const countedOnly: CountedRow[] = []
      for (const entry of entries) {
        const id = uuidOf(entry.id)
        if (id === undefined) throw new Error('An entry of activity has no request id of ours.')
        const day = dayOf(id)
        const found = knownFacts(entry, day)
        const row = { id, facts_id: found.id, at: entry.at }
        if (entry.countedOnly) {
          if (!found.defined) defined.push({ id: found.id, facts: found.facts })
          found.defined = true
          countedOnly.push(row)
          continue
        }
        // About midnight requests end in another order than they began.
        if (day < found.firstDay || day > found.lastDay) {
          found.defined = true
          found.firstDay = Math.min(found.firstDay, day)
          found.lastDay = Math.max(found.lastDay, day)
          const { firstDay: first_day, lastDay: last_day } = found
          facts.set(found.id, { id: found.id, facts: found.facts, first_day, last_day })
        }
        let rows = days.get(day)
        if (!rows) {
          rows = { entries: [], callers: [] }
          days.set(day, rows)
        }
        rows.entries.push({
          ...row,
          caller_id: callerOf(entry, id, day, rows.callers),
          duration_ms: Math.round(entry.durationMs * 10) / 10,
          reason: entry.reason && cleanText(entry.reason, longest.reason),
          node: entry.node,
        })
      }
      const sorted = [...facts.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
      return { facts: sorted, defined, days: [...days], countedOnly }
    },
    forget() {
      known.clear()
      callers = new Map()
    },
  }
}
