// How a page is found, the same on both databases: first the facts that match, which are few; then their newest entries.
import { dayAt, dayMs, lowestUuid, timeOf } from './entry-id.ts'

/** Ids from included, below excluded. */
export interface IdRange {
  from: string
  below: string
}

/** Facts that match, and between which days they have entries. */
export interface MatchingFacts<Id> {
  id: Id
  firstDay: number
  lastDay: number
}

/** What a database can do for a page. */
export interface PageSource<Id, Row> {
  match: (limit: number) => Promise<MatchingFacts<Id>[]>
  /** Newest first, those of these facts. */
  probe: (range: IdRange, facts: readonly Id[], limit: number) => Promise<Row[]>
  /** Newest first, those that match among the newest of all: no more than the `budget` is looked at. */
  scan: (range: IdRange, budget: number, limit: number) => Promise<Row[]>
}

/** With so few facts asking for each of them is the quickest. */
const few = 150
/** With more of them it may be that much of what is newest matches: so many of the newest entries are looked at first. */
const scanBudget = 1000
/** How many pairs of facts and days are asked for at once. */
const probesAtOnce = 1500

export async function findPage<Id, Row>(
  source: PageSource<Id, Row>,
  range: IdRange,
  limit: number,
): Promise<Row[]> {
  let facts = await source.match(few + 1)
  if (facts.length > few) {
    const newest = newestDay(facts, dayAt(timeOf(range.below)))
    const window = { from: later(range.from, lowestUuid(newest * dayMs)), below: range.below }
    const rows = await source.scan(window, scanBudget, limit)
    if (rows.length >= limit) return rows
    facts = await source.match(1_000_000)
  }
  return probeDays(source, range, facts, limit)
}

async function probeDays<Id, Row>(
  source: PageSource<Id, Row>,
  range: IdRange,
  facts: readonly MatchingFacts<Id>[],
  limit: number,
): Promise<Row[]> {
  const days = Math.max(1, Math.floor(probesAtOnce / Math.max(1, facts.length)))
  let last = dayAt(timeOf(range.below))
  const rows: Row[] = []
  for (;;) {
    // Days without entries of theirs are left out.
    last = newestDay(facts, last)
    if (last < dayAt(timeOf(range.from)) || rows.length >= limit) return rows
    const first = last - days + 1
    const there = facts.filter(({ firstDay, lastDay }) => firstDay <= last && lastDay >= first)
    const window = {
      from: later(range.from, lowestUuid(first * dayMs)),
      below: earlier(range.below, lowestUuid((last + 1) * dayMs)),
    }
    const ids = there.map(({ id }) => id)
    rows.push(...(await source.probe(window, ids, limit - rows.length)))
    last = first - 1
  }
}

/** The newest day, not after this one, on which any of them may have entries; -1: none. */
function newestDay(facts: readonly MatchingFacts<unknown>[], notAfter: number): number {
  let newest = -1
  for (const { firstDay, lastDay } of facts)
    if (firstDay <= notAfter && lastDay > newest) newest = Math.min(lastDay, notAfter)
  return newest
}

const later = (a: string, b: string) => (a > b ? a : b)
const earlier = (a: string, b: string) => (a < b ? a : b)
