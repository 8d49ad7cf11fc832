import type Sqlite from 'better-sqlite3'
import {
  CompiledQuery,
  type DatabaseConnection,
  SqliteDialect,
  type SqliteDialectConfig,
  SqliteDriver,
} from 'kysely'

/** Kysely's dialect with BEGIN IMMEDIATE and statements that are prepared once. */
export class ImmediateSqliteDialect extends SqliteDialect {
  readonly #config: SqliteDialectConfig

  constructor(connection: Sqlite.Database) {
    const prepared = new Map<string, Sqlite.Statement>()
    const prepare = (sql: string) => {
      let statement = prepared.get(sql)
      if (!statement) {
        statement = connection.prepare(sql)
        if (prepared.size < 500) prepared.set(sql, statement)
      }
      return statement
    }
    const config = { database: { prepare, close: () => connection.close() } }
    super(config)
    this.#config = config
  }

  override createDriver() {
    return new ImmediateDriver(this.#config)
  }
}

class ImmediateDriver extends SqliteDriver {
  // A deferred transaction that reads first and then writes gets SQLITE_BUSY at once when another
  // process committed in between, busy_timeout or not.
  override async beginTransaction(connection: DatabaseConnection) {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }
}
