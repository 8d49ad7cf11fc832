import { createApp } from '../app.ts'
import { openDatabase } from '../database/open.ts'
import { openVault } from '../vault.ts'
import type { World } from './world.ts'

/**
 * Another node of the same deployment: its own pools and memory, on the database of a PostgreSQL world.
 * @param url another way to the same database, e.g. through a proxy.
 */
export async function openSecondApp(world: World, url?: string) {
  const { config, clock, newId } = world
  const databaseUrl = url ?? world.databaseUrl
  if (databaseUrl === undefined)
    throw new Error('Two nodes need PostgreSQL: createWorld({ dialect: "postgres" }).')
  const database = await openDatabase({
    dataDir: config.dataDir,
    databaseUrl,
    now: clock.now,
    onError: () => undefined,
  })
  const app = await createApp({ config, database, vault: openVault(world.masterKey), now: clock.now, newId })
  return {
    app,
    async close() {
      await app.close()
      await database.close()
    },
  }
}
