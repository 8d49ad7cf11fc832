// Entries are found by their facts through a table of its own, which lags behind by some seconds: an index would be
// half of what recording costs. From where on it lags is written down with the entries, so that a kill loses nothing.
import type { EntryFile } from './files.ts'
import { inTransaction } from './transaction.ts'

/** Notes, in the transaction that stores entries, that those from this one on are missing. */
export function noteBehind({ statements }: EntryFile, lowestId: string): void {
  statements.setBehind.run(lowestId)
}

/** Brings the table up to date. */
export function catchUp({ connection, statements }: EntryFile): void {
  if (!connection.open || statements.behind.get() === undefined) return
  inTransaction(connection, () => {
    statements.catchUp.run()
    statements.setCaughtUp.run()
  })
}
