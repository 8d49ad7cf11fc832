import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { StorageError } from './sqlite.ts'

/**
 * Keeps a second server off the same data folder. The lock is the operating system's, held by a file of
 * its own: it ends with the process, however that ends, so there is nothing stale to clean up.
 * @returns the release.
 * @throws {StorageError} when another server holds it.
 */
export function lockFolder(folder: string): () => void {
  const lock = new Sqlite(join(folder, 'server.lock'), { timeout: 0 })
  try {
    lock.exec('begin exclusive')
  } catch {
    lock.close()
    throw new StorageError(
      `Another Latchkey server is running on the data folder ${folder}. Stop it first, or give this one another LATCHKEY_DATA_DIR.`,
    )
  }
  return () => lock.close()
}
