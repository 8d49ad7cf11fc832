// Kysely on logs.db through its thread: the counters are asked for in the same words on both databases.
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  Kysely,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import type { LogTables } from '../../database/tables.ts'
import type { ActivityThread } from './thread.ts'

export function throughThread(thread: ActivityThread): Kysely<LogTables> {
  const connection: DatabaseConnection = {
    async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
      const rows = await thread.ask({ kind: 'query', query: { sql, parameters } })
      return { rows: isRows<Row>(rows) ? rows : [] }
    },
    async *streamQuery() {
      yield* []
      throw new Error('Rows of the activity files are not streamed.')
    },
  }
  const noTransaction = async () => {
    throw new Error('Each statement for the activity files stands by itself.')
  }
  const dialect: Dialect = {
    createAdapter: () => new SqliteAdapter(),
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createDriver: () => ({
      init: async () => undefined,
      acquireConnection: async () => connection,
      releaseConnection: async () => undefined,
      beginTransaction: noTransaction,
      commitTransaction: noTransaction,
      rollbackTransaction: noTransaction,
      destroy: async () => undefined,
    }),
  }
  return new Kysely<LogTables>({ dialect })
}

function isRows<Row>(value: unknown): value is Row[] {
  return Array.isArray(value)
}
