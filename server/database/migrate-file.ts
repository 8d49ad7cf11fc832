import { forDialect, type Migration, migrationTables, refuseNewer } from './migration.ts'
import type { openSqlite } from './sqlite.ts'

type Connection = ReturnType<typeof openSqlite>

/**
 * Brings a SQLite file to its newest step, as `migrate` does, in the thread that owns the file.
 * @throws {StorageError} when a release that this one cannot run beside took it further.
 */
export function migrateFile(connection: Connection, migrations: readonly Migration[], nowMs: number): void {
  const run = (statement: string | undefined) => {
    if (statement !== undefined) connection.exec(statement)
  }
  if (isNewest(connection, migrations)) return
  connection.exec('begin immediate')
  try {
    for (const statement of migrationTables) run(forDialect(statement, 'sqlite'))
    const applied = appliedTo(connection)
    refuseNewer(applied, migrations)
    const done = new Set(applied.map((row) => row.name))
    const note = connection.prepare('insert into migration (name, kind, applied_at) values (?, ?, ?)')
    for (const { name, kind, statements } of migrations) {
      if (done.has(name)) continue
      for (const statement of statements) run(forDialect(statement, 'sqlite'))
      note.run(name, kind, nowMs)
    }
    connection.exec('commit')
  } catch (error) {
    connection.exec('rollback')
    throw error
  }
}

/** Nothing to be done, which is nearly always so: then nothing is locked either. */
function isNewest(connection: Connection, migrations: readonly Migration[]): boolean {
  const tables = connection.prepare("select 1 from sqlite_schema where name = 'migration'").all()
  if (tables.length === 0) return false
  const applied = appliedTo(connection)
  refuseNewer(applied, migrations)
  return migrations.every(({ name }) => applied.some((row) => row.name === name))
}

function appliedTo(connection: Connection): { name: string; kind: string }[] {
  return connection.prepare<[], { name: string; kind: string }>('select name, kind from migration').all()
}
