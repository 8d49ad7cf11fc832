import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Kysely, sql } from 'kysely'
import { lockFolder } from './folder-lock.ts'
import { type DialectName, migrate } from './migrate.ts'
import { logMigrations, migrations } from './migrations/index.ts'
import { openPool, postgresDialect } from './postgres.ts'
import { openSqlite, refuseNetworkFileSystem } from './sqlite.ts'
import { ImmediateSqliteDialect } from './sqlite-dialect.ts'
import type { Database, LogTables, Tables } from './tables.ts'

/** An open store: the main database, where the activity goes, and how to let go of both. */
export interface OpenDatabase {
  dialect: DialectName
  db: Database
  /** SQLite: the file that the activity writer opens in its own thread. PostgreSQL: the bulk pool. */
  log: { file: string } | { db: Kysely<LogTables> }
  close: () => Promise<void>
}

export interface OpenOptions {
  dataDir: string
  /** Set: PostgreSQL. */
  databaseUrl?: string | undefined
  /** For migrations, past a pooler. */
  databaseDirectUrl?: string | undefined
  now: () => number
  onError: (error: Error) => void
  /** True for an operator's command: it works beside the server on the same data folder, in short transactions. */
  besideServer?: boolean
}

/** Opens and migrates the database; on SQLite it also takes the folder for this server alone. */
export async function openDatabase(options: OpenOptions): Promise<OpenDatabase> {
  return options.databaseUrl === undefined
    ? openEmbedded(options)
    : openPostgres(options.databaseUrl, options.databaseDirectUrl ?? options.databaseUrl, options)
}

async function openEmbedded({ dataDir, now, besideServer }: OpenOptions): Promise<OpenDatabase> {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  refuseNetworkFileSystem(dataDir)
  const unlock = besideServer ? () => undefined : lockFolder(dataDir)
  try {
    const db = new Kysely<Tables>({
      dialect: new ImmediateSqliteDialect(openSqlite(join(dataDir, 'main.db'))),
    })
    await migrate(db, 'sqlite', migrations, now())
    const file = join(dataDir, 'logs.db')
    const logs = new Kysely<LogTables>({ dialect: new ImmediateSqliteDialect(openSqlite(file, 'NORMAL')) })
    await migrate(logs, 'sqlite', logMigrations, now())
    await logs.destroy()
    const close = async () => {
      await db.destroy()
      unlock()
    }
    return { dialect: 'sqlite', db, log: { file }, close }
  } catch (error) {
    unlock()
    throw error
  }
}

async function openPostgres(url: string, directUrl: string, options: OpenOptions): Promise<OpenDatabase> {
  const direct = openPool(directUrl, { max: 1, queryMs: 60_000, statementMs: 60_000 }, options.onError)
  const migrator = new Kysely<Tables>({ dialect: postgresDialect(direct) })
  try {
    await migrate(migrator, 'postgres', [...migrations, ...logMigrations], options.now())
  } finally {
    await migrator.destroy()
  }
  // Two pools: a slow batch never holds up a request.
  const hot = openPool(url, { max: 12, queryMs: 2000, statementMs: 1500 }, options.onError)
  const bulk = openPool(url, { max: 3, queryMs: 30_000, statementMs: 30_000 }, options.onError)
  const db = new Kysely<Tables>({ dialect: postgresDialect(hot) })
  const log = new Kysely<LogTables>({ dialect: postgresDialect(bulk) })
  const close = async () => {
    await Promise.all([db.destroy(), log.destroy()])
  }
  return { dialect: 'postgres', db, log: { db: log }, close }
}

/** True when the database answers. */
export async function answers(db: Database): Promise<boolean> {
  return sql`select 1`.execute(db).then(
    () => true,
    () => false,
  )
}
