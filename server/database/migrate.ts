import { type Kysely, sql } from 'kysely'
import { type DialectName, forDialect, type Migration, migrationTables, refuseNewer } from './migration.ts'

export type { DialectName, Migration }

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
      for (const step of migration.statements) {
        const statement = forDialect(step, dialect)
        if (statement !== undefined) await sql.raw(statement).execute(tx)
      }
      await sql`insert into migration (name, kind, applied_at) values (${migration.name}, ${migration.kind}, ${nowMs})`.execute(
        tx,
      )
    }
  })
}

async function createLockTables<Tables>(db: Kysely<Tables>, dialect: DialectName): Promise<void> {
  for (const step of migrationTables) {
    const statement = sql.raw(forDialect(step, dialect) ?? '')
    // Two nodes that start at once can both pass "if not exists" and one then fails in PostgreSQL's catalogue.
    await statement.execute(db).catch(() => statement.execute(db))
  }
}
