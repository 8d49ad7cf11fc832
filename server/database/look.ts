// The database as it is, for commands that must not change it: nothing is migrated, nothing is made.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Kysely, sql } from 'kysely'
import type { DialectName } from './migrate.ts'
import { logMigrations, migrations } from './migrations/index.ts'
import type { OpenOptions } from './open.ts'
import { openPool, postgresDialect } from './postgres.ts'
import { openSqlite } from './sqlite.ts'
import { ImmediateSqliteDialect } from './sqlite-dialect.ts'
import type { Database, Tables } from './tables.ts'

/** Which steps of the schema a database has, by their names. */
export interface SchemaState {
  applied: string[]
  /** Those of this release that it does not have yet. */
  missing: string[]
  /** Those of a newer release. */
  unknown: string[]
}

export interface LookedAt {
  dialect: DialectName
  db: Database
  schema: SchemaState
  close: () => Promise<void>
}

type LookOptions = Pick<OpenOptions, 'dataDir' | 'databaseUrl' | 'onError'>

/** @returns undefined: there is no database yet. */
export async function lookAtDatabase(options: LookOptions): Promise<LookedAt | undefined> {
  const { dataDir, databaseUrl, onError } = options
  if (databaseUrl === undefined) return lookAtFiles(dataDir)
  const pool = openPool(databaseUrl, { max: 1, queryMs: 5000, statementMs: 5000 }, onError)
  const db = new Kysely<Tables>({ dialect: postgresDialect(pool) })
  try {
    await sql`select 1`.execute(db)
    const schema = compare(await listApplied(db), [...migrations, ...logMigrations])
    return { dialect: 'postgres', db, schema, close: () => db.destroy() }
  } catch (error) {
    await db.destroy()
    throw error
  }
}

async function lookAtFiles(dataDir: string): Promise<LookedAt | undefined> {
  const file = join(dataDir, 'main.db')
  if (!existsSync(file)) return undefined
  const db = openFile(file)
  const applied = await listApplied(db)
  const logFile = join(dataDir, 'logs.db')
  if (existsSync(logFile)) {
    const logs = openFile(logFile)
    applied.push(...(await listApplied(logs)))
    await logs.destroy()
  }
  const schema = compare(applied, [...migrations, ...logMigrations])
  return { dialect: 'sqlite', db, schema, close: () => db.destroy() }
}

function openFile(file: string): Kysely<Tables> {
  return new Kysely<Tables>({ dialect: new ImmediateSqliteDialect(openSqlite(file)) })
}

/** A database that nobody has migrated yet has no list either. */
async function listApplied(db: Database): Promise<string[]> {
  const tables = await db.introspection.getTables()
  if (!tables.some(({ name }) => name === 'migration')) return []
  const { rows } = await sql<{ name: string }>`select name from migration order by applied_at, name`.execute(
    db,
  )
  return rows.map(({ name }) => name)
}

function compare(applied: string[], steps: readonly { name: string }[]): SchemaState {
  const names = steps.map(({ name }) => name)
  return {
    applied,
    missing: names.filter((name) => !applied.includes(name)),
    unknown: applied.filter((name) => !names.includes(name)),
  }
}

/** What the database calls itself. */
export async function versionOf({ dialect, db }: Pick<LookedAt, 'dialect' | 'db'>): Promise<string> {
  const question =
    dialect === 'sqlite'
      ? sql<{ version: string }>`select sqlite_version() as version`
      : sql<{ version: string }>`select current_setting('server_version') as version`
  const { rows } = await question.execute(db)
  return `${dialect === 'sqlite' ? 'SQLite' : 'PostgreSQL'} ${rows[0]?.version ?? ''}`
}

/** The clock of the database's machine, in milliseconds; undefined: it has none but ours. */
export async function databaseClock({
  dialect,
  db,
}: Pick<LookedAt, 'dialect' | 'db'>): Promise<number | undefined> {
  if (dialect === 'sqlite') return undefined
  const { rows } = await sql<{
    ms: string
  }>`select (extract(epoch from clock_timestamp()) * 1000)::text as ms`.execute(db)
  return Number(rows[0]?.ms)
}
