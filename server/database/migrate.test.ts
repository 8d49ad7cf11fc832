import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { promisify } from 'node:util'
import { Kysely, sql } from 'kysely'
import { createPostgresDatabase, testDialects } from '../testing/database.ts'
import { type Migration, migrate } from './migrate.ts'
import { migrations } from './migrations/index.ts'
import { openPool, postgresDialect } from './postgres.ts'
import { openSqlite, StorageError } from './sqlite.ts'
import { ImmediateSqliteDialect } from './sqlite-dialect.ts'
import type { Tables } from './tables.ts'

async function runProcess(file: string): Promise<void> {
  const script = new URL('../testing/migrate-once.ts', import.meta.url).pathname
  await promisify(execFile)(process.execPath, [script, file])
}

for (const dialect of testDialects) {
  /** Opens the same empty database as often as asked: each time as another node would. */
  async function emptyDatabase() {
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-migrate-'))
    const postgres = dialect === 'postgres' ? await createPostgresDatabase() : undefined
    const opened: Kysely<Tables>[] = []
    const file = join(folder, 'main.db')
    const open = () => {
      const db = new Kysely<Tables>({
        dialect: postgres
          ? postgresDialect(
              openPool(postgres.url, { max: 2, queryMs: 20_000, statementMs: 20_000 }, () => undefined),
            )
          : new ImmediateSqliteDialect(openSqlite(file)),
      })
      opened.push(db)
      return db
    }
    return {
      open,
      /** SQLite: another process, as it locks by process; PostgreSQL: another pool. */
      migrateElsewhere: () => (postgres ? migrate(open(), dialect, migrations, 1) : runProcess(file)),
      async close() {
        for (const db of opened) await db.destroy()
        await postgres?.drop()
        rmSync(folder, { recursive: true })
      },
    }
  }

  test(`${dialect}: nodes that start at once migrate once`, async () => {
    const { open, migrateElsewhere, close } = await emptyDatabase()
    await Promise.all(Array.from({ length: 6 }, migrateElsewhere))
    const { rows } = await sql<{ name: string }>`select name from migration`.execute(open())
    assert.deepEqual(
      rows.map((row) => row.name),
      migrations.map((migration) => migration.name),
    )
    await close()
  })

  test(`${dialect}: a step that fails leaves nothing behind and says so`, async () => {
    const { open, close } = await emptyDatabase()
    const broken: Migration = {
      name: 'broken',
      kind: 'expand',
      statements: ['create table half (id text primary key)', 'create nonsense'],
    }
    const db = open()
    await assert.rejects(migrate(db, dialect, [broken], 1))
    await assert.rejects(sql`select * from half`.execute(db), 'the first statement was undone')
    await migrate(db, dialect, migrations, 1)
    await close()
  })

  test(`${dialect}: a release runs beside a newer one that only added, and refuses one that took away`, async () => {
    const { open, close } = await emptyDatabase()
    const added: Migration = {
      name: '9998-added',
      kind: 'expand',
      statements: ['alter table account add column colour text'],
    }
    const removed: Migration = {
      name: '9999-removed',
      kind: 'contract',
      statements: ['alter table account drop column colour'],
    }
    const db = open()
    await migrate(db, dialect, [...migrations, added], 1)
    await migrate(db, dialect, migrations, 2)
    await migrate(db, dialect, [...migrations, added, removed], 3)
    await assert.rejects(
      migrate(db, dialect, migrations, 4),
      (error) => error instanceof StorageError && /newer release \(9999-removed\)/.test(error.message),
    )
    await close()
  })
}
