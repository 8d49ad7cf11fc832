import { PostgresDialect } from 'kysely'
import pg from 'pg'

const int8 = 20

/**
 * A pool that cannot hang a request or end the process: both are pg's defaults.
 * @param limits `queryMs` ends a query on our side, `statementMs` on the server's.
 */
export function openPool(
  url: string,
  limits: { max: number; queryMs: number; statementMs: number },
  onError: (error: Error) => void,
): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: limits.max,
    connectionTimeoutMillis: 2000,
    query_timeout: limits.queryMs,
    statement_timeout: limits.statementMs,
    idle_in_transaction_session_timeout: 5000,
    lock_timeout: limits.queryMs,
    keepAlive: true,
    application_name: 'latchkey',
    types: { getTypeParser },
  })
  // Without a listener one terminated idle connection ends the process.
  pool.on('error', onError)
  // The pool listens to idle connections only: one that ends while it is in use would end the process too. Its
  // query is rejected, and that says it all.
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

export function postgresDialect(pool: pg.Pool): PostgresDialect {
  return new PostgresDialect({ pool })
}

// bigint comes as text by default; ours are epoch milliseconds and counts, safe as numbers.
const getTypeParser: typeof pg.types.getTypeParser = (id: number, format?: 'text' | 'binary') =>
  id === int8 ? Number : pg.types.getTypeParser(id, format as 'text')
