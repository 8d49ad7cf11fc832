// Migrated, empty databases that the tests copy: several hundred of them begin with one.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '../server/database/open.ts'
import { createPostgresDatabase } from '../server/testing/database.ts'

export interface TestTemplates {
  /** For the environment of the tests. */
  variables: Record<string, string>
  remove: () => void
}

/** @param postgresUrl where a PostgreSQL for the tests runs; undefined: there is none. */
export async function makeTemplates(postgresUrl: string | undefined): Promise<TestTemplates> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-template-'))
  const options = { dataDir: folder, now: Date.now, onError: () => undefined }
  const sqlite = await openDatabase(options)
  await sqlite.close()
  const variables: Record<string, string> = { TEST_SQLITE_TEMPLATE: folder }
  if (postgresUrl !== undefined) {
    const { url } = await createPostgresDatabase(undefined, postgresUrl)
    const postgres = await openDatabase({ ...options, databaseUrl: url })
    await postgres.close()
    variables.TEST_POSTGRES_TEMPLATE = new URL(url).pathname.slice(1)
  }
  return { variables, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
