// Writes batches: facts and counters to logs.db, the entries and callers of a day to its files.
import type { Batch, CallerRow, DayColumns } from '../batch.ts'
import { createFactsByNumber, type FactsByNumber } from '../defined-facts.ts'
import { createTally, type Sums } from '../tally.ts'
import { toBlob } from './blobs.ts'
import { catchUp, noteBehind } from './entry-index.ts'
import type { CallerFile, EntryFile } from './files.ts'
import type { LogsFile } from './logs-file.ts'
import { inTransaction } from './transaction.ts'

export interface FileWriter {
  write: (batches: readonly Batch[]) => void
  /** Writes what was counted; a kill loses what was not. */
  writeCounts: () => void
  /** Lets all that was written be found by its facts. */
  catchUp: () => void
}

export function createFileWriter(
  logs: LogsFile,
  openEntries: (day: number) => EntryFile,
  openCallers: (day: number) => CallerFile,
  node: string,
): FileWriter {
  const facts = createFactsByNumber()
  const tally = createTally(facts.get)
  let unwritten: Sums[] = []
  const behind = new Set<EntryFile>()

  return {
    write(batches) {
      for (const batch of batches) facts.learn(batch)
      // Facts first: an entry without them could not be shown.
      const newFacts = batches.flatMap((batch) => batch.facts)
      if (newFacts.length > 0) logs.putFacts(newFacts)
      for (const [day, parts] of byDay(batches)) {
        const callers = parts.flatMap((columns) => columns.newCallers)
        if (callers.length > 0) putCallers(openCallers(day), callers)
        const file = openEntries(day)
        putEntries(file, parts, facts, node)
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

function putEntries(file: EntryFile, parts: readonly DayColumns[], known: FactsByNumber, node: string): void {
  const { put } = file.statements
  inTransaction(file.connection, () => {
    let lowest: string | undefined
    for (const { ids, facts, callers, at, durations, reasons } of parts)
      for (const [index, id] of ids.entries()) {
        const { id: factsId } = known.get(facts[index] ?? 0)
        const [caller = null, reason = null] = [callers[index], reasons[index]]
        put.run(id, factsId, caller, at[index] ?? 0, durations[index] ?? 0, reason, node)
        if (lowest === undefined || id < lowest) lowest = id
      }
    if (lowest !== undefined) noteBehind(file, lowest)
  })
}

/** One transaction for each file, however many batches. */
function byDay(batches: readonly Batch[]): Map<number, DayColumns[]> {
  const days = new Map<number, DayColumns[]>()
  for (const batch of batches)
    for (const [day, columns] of batch.days) days.set(day, [...(days.get(day) ?? []), columns])
  return days
}
