import type { Connection } from './day-files.ts'

export function inTransaction(connection: Connection, work: () => void): void {
  connection.exec('begin immediate')
  try {
    work()
    connection.exec('commit')
  } catch (error) {
    // A full disk ends it by itself.
    if (connection.inTransaction) connection.exec('rollback')
    throw error
  }
}
