// The signing keys of our own server, changed as its operator and its periodic work change them.
import { sql } from 'kysely'
import type { World } from '../server/testing/world.ts'
import type { KeyControl } from './target.ts'

export function controlKeys(world: World): KeyControl {
  const { app, database } = world
  return {
    async rotate(mode, algorithm) {
      await app.rotation.rotate(mode, algorithm)
      await app.changes.poll()
    },
    async runPeriodicWork() {
      await app.background.run()
      await app.changes.poll()
    },
    async lose() {
      const rows = await database.db.selectFrom('signing_key').selectAll().execute()
      await database.db.deleteFrom('signing_key').execute()
      await app.keys.reload()
      return async () => {
        await database.db.insertInto('signing_key').values(rows).execute()
        await app.keys.reload()
      }
    },
    async dump() {
      const tables = await database.db.introspection.getTables()
      const rows = await Promise.all(
        tables.map(
          async ({ name }) => (await sql`select * from ${sql.table(name)}`.execute(database.db)).rows,
        ),
      )
      return rows.flat().flatMap((row) => Object.values(Object(row)).map(String))
    },
  }
}
