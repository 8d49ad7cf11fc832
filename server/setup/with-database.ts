import { type Config, readConfig } from '../config.ts'
import { openDatabase } from '../database/open.ts'
import type { Database } from '../database/tables.ts'

/** Runs a command on the database of the settings, beside the running server. */
export async function withDatabase<Result>(
  run: (open: { db: Database; config: Config }) => Promise<Result>,
): Promise<Result> {
  const config = readConfig()
  const onError = (error: Error) => process.stderr.write(`database: ${error.message}\n`)
  const database = await openDatabase({ ...config, now: Date.now, onError, besideServer: true })
  return run({ db: database.db, config }).finally(() => database.close())
}
