import { type Kysely, sql } from 'kysely'
import { StorageError } from './sqlite.ts'

export type DialectName = 'sqlite' | 'postgres'

/**
 * One step of the schema. An `expand` step leaves the previous release working; a `contract` step takes
 * away what only older releases used, so they refuse to run after it.
 */
export interface Migration {
  name: string
  kind: 'expand' | 'contract'
  statements: readonly string[]
}

/**
 * Brings the schema to the newest step, under a lock of our own (Kysely's does nothing on SQLite, and
 * on PostgreSQL a session lock does not pass a pooler).
 * @throws {StorageError} when the database was taken further by a release this one cannot run beside.
 */
export async function migrate<Tables>(
  db: Kysely<Tables>,
  dialect: DialectName,
  migrations: readonly Migration[],
  nowMs: number,
): Promise<void> {
  await createLockTables(db, dialect)
  await db.transaction().execute(async (tx) => {
    // SQLite: BEGIN IMMEDIATE is the lock. PostgreSQL: this row is.
    if (dialect === 'postgres') await sql`select id from migration_lock for update`.execute(tx)
    const applied = await sql<{ name: string; kind: string }>`select name, kind from migration`.execute(tx)
    refuseNewer(applied.rows, migrations)
    const done = new Set(applied.rows.map((row) => row.name))
    for (const migration of migrations) {
      if (done.has(migration.name)) continue
      for (const statement of migration.statements) await sql.raw(forDialect(statement, dialect)).execute(tx)
      await sql`insert into migration (name, kind, applied_at) values (${migration.name}, ${migration.kind}, ${nowMs})`.execute(
        tx,
      )
    }
  })
}

function refuseNewer(applied: { name: string; kind: string }[], migrations: readonly Migration[]): void {
  const known = new Set(migrations.map((migration) => migration.name))
  const newer = applied.find((row) => row.kind === 'contract' && !known.has(row.name))
  if (!newer) return
  throw new StorageError(
    `The database was migrated by a newer release (${newer.name}) that this one cannot run beside. Start the newer release.`,
  )
}

async function createLockTables<Tables>(db: Kysely<Tables>, dialect: DialectName): Promise<void> {
  const statements = [
    'create table if not exists migration (name text primary key, kind text not null, applied_at bigint not null)',
    'create table if not exists migration_lock (id bigint primary key)',
    'insert into migration_lock (id) values (1) on conflict do nothing',
  ]
  for (const statement of statements) {
    // Two nodes that start at once can both pass "if not exists" and one then fails in PostgreSQL's catalogue.
    await sql
      .raw(forDialect(statement, dialect))
      .execute(db)
      .catch(() => sql.raw(forDialect(statement, dialect)).execute(db))
  }
}

/** The migrations are plain SQL that both understand; SQLite's strict tables know INTEGER alone. */
function forDialect(statement: string, dialect: DialectName): string {
  if (dialect === 'postgres') return statement
  const integers = statement.replaceAll(/\bbigint\b/g, 'integer')
  return /^\s*create table/i.test(integers) ? `${integers.trimEnd()} strict` : integers
}
