import { randomBytes } from 'node:crypto'
import { cpSync } from 'node:fs'
import pg from 'pg'
import { type OpenDatabase, openDatabase } from '../database/open.ts'
import type { Now } from '../vocabulary/clock.ts'

export type TestDialect = 'sqlite' | 'postgres'

/** Where the set-up started a PostgreSQL for the tests; not set where there is none. */
const postgresUrl = process.env.TEST_POSTGRES_URL

/** Where the set-up made migrated, empty databases to copy: of PostgreSQL its name, of SQLite its folder. */
const postgresTemplate = process.env.TEST_POSTGRES_TEMPLATE
const sqliteTemplate = process.env.TEST_SQLITE_TEMPLATE

/** The databases that tests run on here: both, where PostgreSQL is present. */
export const testDialects: readonly TestDialect[] =
  postgresUrl === undefined ? ['sqlite'] : ['sqlite', 'postgres']

const isLong = process.env.TEST_LONG !== undefined

/**
 * For tests that are many or start programs of their own, so that `npm test` stays short: PostgreSQL has its turn in the
 * long proofs, where a `.long.test.ts` loads the same file.
 */
export const dialectsOfRun = testDialects.filter((dialect) => (dialect === 'postgres') === isLong)

/** A fresh, migrated database. `drop` removes it; a SQLite one goes with its folder. */
export async function openTestDatabase(
  dialect: TestDialect,
  dataDir: string,
  now: Now,
): Promise<{ database: OpenDatabase; url: string | undefined; drop: () => Promise<void> }> {
  const onError = () => undefined
  if (dialect === 'sqlite') {
    // Opening migrates what is behind, and here nothing is: the schema alone would cost half of the start of each test.
    if (sqliteTemplate !== undefined) cpSync(sqliteTemplate, dataDir, { recursive: true })
    return {
      database: await openDatabase({ dataDir, now, onError }),
      url: undefined,
      drop: async () => undefined,
    }
  }
  const { url, drop } = await createPostgresDatabase(postgresTemplate)
  return { database: await openDatabase({ dataDir, databaseUrl: url, now, onError }), url, drop }
}

/** An empty PostgreSQL database of its own. @param template the one that it is a copy of. */
export async function createPostgresDatabase(
  template = 'template1',
  serverUrl = postgresUrl,
): Promise<{ url: string; drop: () => Promise<void> }> {
  if (serverUrl === undefined) throw new Error('No PostgreSQL here: run npm test, which starts one.')
  const name = `test_${randomBytes(6).toString('hex')}`
  const run = async (statement: string) => {
    const client = new pg.Client({ connectionString: serverUrl })
    await client.connect()
    await client.query(statement).finally(() => client.end())
  }
  await run(`create database ${name} template ${template}`)
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  return { url: url.href, drop: () => run(`drop database if exists ${name} with (force)`) }
}
