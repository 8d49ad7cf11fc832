import { dayAt, dayMs, dayOf, lowestUuid, timeOf } from '../entry-id.ts'
import { findPage, type IdRange, type PageSource } from '../page.ts'
import type { WholeRow } from '../to-entry.ts'
import { fromBlob, toBlob } from './blobs.ts'
import { catchUp } from './entry-index.ts'
import type { CallerFile, EntryFile, StoredEntry } from './files.ts'
import type { LogsFile } from './logs-file.ts'

/** A statement as the main thread wrote it. */
export interface SqlText {
  sql: string
  parameters: readonly unknown[]
}

export interface FileReader {
  find: (uuid: string) => WholeRow | undefined
  /** @param matching a condition on `f`, a row of `activity_facts`. */
  page: (matching: SqlText, range: IdRange, limit: number) => Promise<WholeRow[]>
}

export type FactsColumns = Omit<
  WholeRow,
  'id' | 'at' | 'duration_ms' | 'reason' | 'node' | 'address' | 'user_agent'
>

export function createFileReader(
  logs: LogsFile,
  findEntries: (day: number) => EntryFile | undefined,
  findCallers: (day: number) => CallerFile | undefined,
): FileReader {
  /** Undefined when its facts are gone: they are forgotten with its day. */
  function complete(entry: StoredEntry): WholeRow | undefined {
    const facts = logs.findFacts(entry.facts_id)
    if (!facts) return undefined
    const id = fromBlob(entry.id)
    const { at, duration_ms, reason, node, caller_id } = entry
    const caller = caller_id ? findCallers(dayOf(id))?.statements.find.get(caller_id) : undefined
    const { address, user_agent } = caller ?? { address: null, user_agent: null }
    return { id, at, duration_ms, reason, node, ...facts, address, user_agent }
  }

  /** The files of a range, newest first. */
  function* filesOf({ from, below }: IdRange): Generator<EntryFile> {
    const first = dayAt(timeOf(from))
    for (let day = dayAt(timeOf(below)); day >= first; day -= 1) {
      const file = below === lowestUuid(day * dayMs) ? undefined : findEntries(day)
      if (file) yield file
    }
  }

  function source({ sql, parameters }: SqlText): PageSource<Uint8Array, StoredEntry> {
    const all = logs.connection
      .prepare<unknown[], [id: Uint8Array, firstDay: number, lastDay: number]>(
        `select f.id, f.first_day, f.last_day from activity_facts f where ${sql} limit ?`,
      )
      .raw()
    const one = logs.connection
      .prepare<unknown[], number>(`select 1 from activity_facts f where f.id = ? and ${sql}`)
      .pluck()
    const matches = remember((id) => one.get(id, ...parameters) !== undefined)
    return {
      async match(limit) {
        const rows = all.all(...parameters, limit)
        return rows.map(([id, firstDay, lastDay]) => ({ id, firstDay, lastDay }))
      },
      async probe(range, facts, limit) {
        const found: StoredEntry[] = []
        for (const file of filesOf(range)) {
          if (found.length >= limit) break
          catchUp(file)
          for (const id of newestIds(file, range, facts, limit - found.length)) {
            const entry = file.statements.find.get(id)
            if (entry) found.push(entry)
          }
        }
        return found
      },
      async scan(range, budget, limit) {
        const found: StoredEntry[] = []
        let left = budget
        for (const { statements } of filesOf(range)) {
          const newest = statements.newest.all(toBlob(range.from), toBlob(range.below), left)
          for (const [id, factsId] of newest) {
            const entry = matches(factsId) ? statements.find.get(id) : undefined
            if (entry) found.push(entry)
            if (found.length === limit) return found
          }
          left -= newest.length
          if (left === 0) break
        }
        return found
      },
    }
  }

  return {
    find(uuid) {
      const entry = findEntries(dayOf(uuid))?.statements.find.get(toBlob(uuid))
      return entry && complete(entry)
    },
    async page(matching, range, limit) {
      const entries = await findPage(source(matching), range, limit)
      return entries.flatMap((entry) => complete(entry) ?? [])
    },
  }
}

/** The ids of the newest entries of a file that have one of these facts. */
function newestIds(
  { statements }: EntryFile,
  range: IdRange,
  facts: readonly Uint8Array[],
  limit: number,
): Uint8Array[] {
  let found: Uint8Array[] = []
  let from: Uint8Array = toBlob(range.from)
  const below = toBlob(range.below)
  const keepNewest = () => {
    found.sort((a, b) => Buffer.compare(b, a))
    found = found.slice(0, limit)
    // What is older than those is not looked for any more.
    const oldest = found.length === limit ? found.at(-1) : undefined
    if (oldest) from = oldest
  }
  for (const id of facts) {
    found.push(...statements.newestOfFacts.all(id, from, below, limit))
    if (found.length > limit) keepNewest()
  }
  keepNewest()
  return found
}

/** Asks once for each id. */
function remember(ask: (id: Uint8Array) => boolean): (id: Uint8Array) => boolean {
  const answers = new Map<string, boolean>()
  return (id) => {
    const key = Buffer.from(id.buffer, id.byteOffset, id.byteLength).toString('latin1')
    const known = answers.get(key)
    if (known !== undefined) return known
    const answer = ask(id)
    answers.set(key, answer)
    return answer
  }
}
