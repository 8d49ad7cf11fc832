// Writes batches: facts and counters to logs.db, the entries and callers of a day to its files.
import type { CallerRow, DayRows, PreparedBatch } from '../prepare.ts'
import { createTally, type Sums } from '../tally.ts'
import { toBlob } from './blobs.ts'
import { catchUp, noteBehind } from './entry-index.ts'
import type { CallerFile, EntryFile } from './files.ts'
import type { LogsFile } from './logs-file.ts'
import { inTransaction } from './transaction.ts'

export interface FileWriter {
  write: (batches: readonly PreparedBatch[]) => void
  /** Writes what was counted; a kill loses what was not. */
  writeCounts: () => void
  /** Lets all that was written be found by its facts. */
  catchUp: () => void
}

export function createFileWriter(
  logs: LogsFile,
  openEntries: (day: number) => EntryFile,
  openCallers: (day: number) => CallerFile,
): FileWriter {
  const tally = createTally()
  let unwritten: Sums[] = []
  const behind = new Set<EntryFile>()

  return {
    write(batches) {
      // Facts first: an entry without them could not be shown.
      const facts = batches.flatMap((batch) => batch.facts)
      if (facts.length > 0) logs.putFacts(facts)
      for (const [day, parts] of byDay(batches)) {
        const callers = parts.flatMap((rows) => rows.callers)
        if (callers.length > 0) putCallers(openCallers(day), callers)
        const file = openEntries(day)
        putEntries(file, parts)
        behind.add(file)
      }
      for (const batch of batches) tally.add(batch)
    },
    writeCounts() {
      if (!tally.isEmpty()) unwritten.push(tally.take())
      if (unwritten.length === 0) return
      logs.addSums(unwritten)
      unwritten = []
    },
    catchUp() {
      for (const file of behind) {
        catchUp(file)
        behind.delete(file)
      }
    },
  }
}

function putCallers({ connection, statements }: CallerFile, rows: readonly CallerRow[]): void {
  inTransaction(connection, () => {
    for (const { id, address, user_agent } of rows) statements.put.run(toBlob(id), address, user_agent)
  })
}

function putEntries(file: EntryFile, parts: readonly DayRows[]): void {
  const { put } = file.statements
  inTransaction(file.connection, () => {
    let lowest: string | undefined
    for (const { entries } of parts)
      for (const { id, facts_id, caller_id, at, duration_ms, reason, node } of entries) {
        put.run(id, facts_id, caller_id, at, duration_ms, reason, node)
        if (lowest === undefined || id < lowest) lowest = id
      }
    if (lowest !== undefined) noteBehind(file, lowest)
  })
}

/** One transaction for each file, however many batches. */
function byDay(batches: readonly PreparedBatch[]): Map<number, DayRows[]> {
  const days = new Map<number, DayRows[]>()
  for (const batch of batches)
    for (const [day, rows] of batch.days) days.set(day, [...(days.get(day) ?? []), rows])
  return days
}
