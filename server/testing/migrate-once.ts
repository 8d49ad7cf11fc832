// Migrates the SQLite file named on the command line, as one of several processes that start at once.
import { Kysely } from 'kysely'
import { migrate } from '../database/migrate.ts'
import { migrations } from '../database/migrations/index.ts'
import { openSqlite } from '../database/sqlite.ts'
import { ImmediateSqliteDialect } from '../database/sqlite-dialect.ts'
import type { Tables } from '../database/tables.ts'

const db = new Kysely<Tables>({ dialect: new ImmediateSqliteDialect(openSqlite(process.argv[2] ?? '')) })
await migrate(db, 'sqlite', migrations, 1)
await db.destroy()
