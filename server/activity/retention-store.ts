import type { Kysely } from 'kysely'
import type { LogTables } from '../database/tables.ts'
import type { Retention } from './backend.ts'
import { dayMs } from './entry-id.ts'

/** Forgets the facts that no entry has any more, and counters that are too old. */
export async function forgetCounters(db: Kysely<LogTables>, retention: Retention): Promise<void> {
  const { entriesBefore, countersBefore } = retention
  const beforeMs = countersBefore * dayMs
  await db.deleteFrom('activity_facts').where('last_day', '<', entriesBefore).execute()
  await db.deleteFrom('activity_hour').where('hour', '<', beforeMs).execute()
  await db.deleteFrom('host_use').where('day', '<', countersBefore).execute()
  await db
    .deleteFrom('scope_use')
    .where((eb) =>
      eb.and([
        eb(eb.fn.coalesce('requested_at', eb.lit(0)), '<', beforeMs),
        eb(eb.fn.coalesce('called_at', eb.lit(0)), '<', beforeMs),
      ]),
    )
    .execute()
}
