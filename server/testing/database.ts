import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { type OpenDatabase, openDatabase } from '../database/open.ts'
import type { Now } from '../vocabulary/clock.ts'

export type TestDialect = 'sqlite' | 'postgres'

/** Where the set-up started a PostgreSQL for the tests; not set where there is none. */
const postgresUrl = process.env.TEST_POSTGRES_URL

/** The databases that tests run on here: both, where PostgreSQL is present. */
export const testDialects: readonly TestDialect[] =
  postgresUrl === undefined ? ['sqlite'] : ['sqlite', 'postgres']

/** A fresh, migrated database. `drop` removes it; a SQLite one goes with its folder. */
export async function openTestDatabase(
  dialect: TestDialect,
  dataDir: string,
  now: Now,
): Promise<{ database: OpenDatabase; url: string | undefined; drop: () => Promise<void> }> {
  const onError = () => undefined
  if (dialect === 'sqlite') {
    return {
      database: await openDatabase({ dataDir, now, onError }),
      url: undefined,
      drop: async () => undefined,
    }
  }
  const { url, drop } = await createPostgresDatabase()
  return { database: await openDatabase({ dataDir, databaseUrl: url, now, onError }), url, drop }
}

/** An empty PostgreSQL database of its own. */
export async function createPostgresDatabase(): Promise<{ url: string; drop: () => Promise<void> }> {
  if (postgresUrl === undefined) throw new Error('No PostgreSQL here: run npm test, which starts one.')
  const name = `test_${randomBytes(6).toString('hex')}`
  const run = async (statement: string) => {
    const client = new pg.Client({ connectionString: postgresUrl })
    await client.connect()
    await client.query(statement).finally(() => client.end())
  }
  await run(`create database ${name}`)
  const url = new URL(postgresUrl)
  url.pathname = `/${name}`
  return { url: url.href, drop: () => run(`drop database if exists ${name} with (force)`) }
}
