import { statfsSync } from 'node:fs'
import Sqlite from 'better-sqlite3'

/** What the start says when the data cannot be opened safely. */
export class StorageError extends Error {}

// SQLite before 3.51.3 can lose commits in WAL mode (https://sqlite.org/wal.html#walresetbug).
const oldestVersion = [3, 51, 3] as const

const networkFileSystems: Record<number, string> = {
  26985: 'NFS',
  20859: 'SMB',
  4266872130: 'SMB',
  4283649346: 'CIFS',
}

/**
 * Opens a SQLite file with the settings that make a commit durable.
 * @param synchronous FULL syncs each commit; NORMAL may lose the last second at a power cut.
 * @throws {StorageError} when the version or the file system is not safe.
 */
export function openSqlite(file: string, synchronous: 'FULL' | 'NORMAL' = 'FULL'): Sqlite.Database {
  const connection = new Sqlite(file)
  refuseOldVersion(connection)
  connection.pragma('auto_vacuum = INCREMENTAL')
  connection.pragma('journal_mode = WAL')
  // better-sqlite3 is built with NORMAL as the default in WAL mode: without this line a commit
  // that was answered can vanish at a power cut. It belongs on every connection.
  connection.pragma(`synchronous = ${synchronous}`)
  connection.pragma('busy_timeout = 5000')
  connection.pragma('foreign_keys = ON')
  connection.pragma('journal_size_limit = 67108864')
  connection.pragma('wal_autocheckpoint = 1000')
  connection.pragma('temp_store = MEMORY')
  connection.pragma('cache_size = -65536')
  connection.pragma('mmap_size = 0')
  connection.pragma('trusted_schema = OFF')
  connection.pragma('cell_size_check = ON')
  return connection
}

/** @throws {StorageError} WAL needs shared memory, which a network file system does not give. */
export function refuseNetworkFileSystem(folder: string): void {
  const type = statfsSync(folder).type
  const name = networkFileSystems[type]
  if (name === undefined) return
  throw new StorageError(
    `The data folder ${folder} is on a network file system (${name}), where SQLite can lose data. Use a local disk, or PostgreSQL by LATCHKEY_DATABASE_URL.`,
  )
}

function refuseOldVersion(connection: Sqlite.Database): void {
  const row = connection.prepare<[], { version: string }>('select sqlite_version() as version').get()
  const version = row?.version.split('.').map(Number) ?? []
  for (const [index, wanted] of oldestVersion.entries()) {
    const have = version[index] ?? 0
    if (have > wanted) return
    if (have < wanted)
      throw new StorageError(
        `SQLite ${row?.version} is too old: at least ${oldestVersion.join('.')} is needed.`,
      )
  }
}
