// What waits to be written, by columns. Of what happened only the id is kept alive; facts and callers are those that are
// known already. Objects that wait for half a second would be most of what recording costs: the garbage collector copies
// what lives that long.
import { type Batch, type DayColumns, emptyDay, type FactsRow } from './batch.ts'
import { bounded, cleanText, longest } from './clean-text.ts'
import type { Happening } from './entry.ts'
import { dayOf, uuidOf } from './entry-id.ts'
import { createKnownCallers, type KnownCaller } from './known-callers.ts'
import { createKnownFacts, type KnownFacts } from './known-facts.ts'

export interface Queue {
  add: (happening: Happening, at: number) => void
  length: () => number
  /** Some of what waits, as a batch; it goes on waiting until it is removed. */
  prepare: (start: number, end: number) => Batch
  /** The first ones are stored, or given up. */
  remove: (count: number) => void
  /** Nothing of what was prepared may be stored: facts and callers are written again. */
  forget: () => void
}

export function createQueue(madeUpLimit = 10_000): Queue {
  const findFacts = createKnownFacts(madeUpLimit)
  const findCaller = createKnownCallers()
  let ids: string[] = []
  let facts: KnownFacts[] = []
  let callers: (KnownCaller | null)[] = []
  let times: number[] = []
  let durations: number[] = []
  let reasons: (string | null)[] = []
  let kept: boolean[] = []
  let forgotten = 0
  let storedCallers = new WeakSet<KnownCaller>()

  /** @returns whether they were not defined before. */
  function define(known: KnownFacts): boolean {
    if (known.definedSince === forgotten) return false
    known.definedSince = forgotten
    known.firstDay = Number.POSITIVE_INFINITY
    known.lastDay = -1
    return true
  }

  /** Adds facts to a batch where they may not be stored for this day. */
  function storeFacts(known: KnownFacts, day: number, rows: Map<number, FactsRow>): void {
    define(known)
    // About midnight requests end in another order than they began.
    if (day >= known.firstDay && day <= known.lastDay) return
    known.firstDay = Math.min(known.firstDay, day)
    known.lastDay = Math.max(known.lastDay, day)
    const { number, id, firstDay: first_day, lastDay: last_day } = known
    rows.set(number, { number, id, facts: known.facts, first_day, last_day })
  }

  /** The id of a caller in the day of an entry. */
  function storeCaller(caller: KnownCaller, id: string, day: number, columns: DayColumns): string {
    if (caller.day === day && storedCallers.has(caller)) return caller.id
    caller.day = day
    caller.id = id
    storedCallers.add(caller)
    columns.newCallers.push({ id, address: caller.address, user_agent: caller.userAgent })
    return id
  }

  return {
    add(happening, at) {
      const happened = bounded(happening)
      ids.push(happened.id)
      facts.push(findFacts(happened, at))
      callers.push(findCaller(happened))
      times.push(at)
      durations.push(happened.durationMs)
      reasons.push(happened.reason && cleanText(happened.reason, longest.reason))
      kept.push(happened.countedOnly !== true)
    },
    length: () => ids.length,
    prepare(start, end) {
      const stored = new Map<number, FactsRow>()
      const days = new Map<number, DayColumns>()
      const batch: Batch = { facts: [], defined: [], days: [], countedOnly: { ids: [], facts: [], at: [] } }
      for (let index = start; index < end; index += 1) {
        const known = facts[index]
        const at = times[index]
        const id = uuidOf(ids[index] ?? '')
        if (id === undefined || known === undefined || at === undefined)
          throw new Error('An entry of activity has no request id of ours.')
        let columns = batch.countedOnly
        if (kept[index]) {
          const day = dayOf(id)
          const ofDay = days.get(day) ?? emptyDay()
          days.set(day, ofDay)
          storeFacts(known, day, stored)
          const caller = callers[index]
          ofDay.callers.push(caller ? storeCaller(caller, id, day, ofDay) : null)
          ofDay.durations.push(Math.round((durations[index] ?? 0) * 10) / 10)
          ofDay.reasons.push(reasons[index] ?? null)
          columns = ofDay
        } else if (define(known)) {
          batch.defined.push({ number: known.number, id: known.id, facts: known.facts })
        }
        columns.ids.push(id)
        columns.facts.push(known.number)
        columns.at.push(at)
      }
      return { ...batch, facts: [...stored.values()], days: [...days] }
    },
    remove(count) {
      ids = ids.slice(count)
      facts = facts.slice(count)
      callers = callers.slice(count)
      times = times.slice(count)
      durations = durations.slice(count)
      reasons = reasons.slice(count)
      kept = kept.slice(count)
    },
    forget() {
      forgotten += 1
      storedCallers = new WeakSet()
    },
  }
}
