// Two changes that meet on PostgreSQL at the one place where only one of them may win.
import { sql } from 'kysely'
import type { DatabaseTransaction } from '../database/tables.ts'
import { until } from './until.ts'
import type { World } from './world.ts'

/** @param hold locks what both need: they go on when both wait for it, past every look that they take first. */
export async function atOneMoment<T>(
  { database: { db } }: World,
  hold: (tx: DatabaseTransaction) => Promise<unknown>,
  change: () => Promise<T>,
): Promise<T> {
  const changing = await db.transaction().execute(async (tx) => {
    await hold(tx)
    const begun = change()
    // Beside the transaction: inside, PostgreSQL would show the same moment again and again.
    await until(async () => {
      const { rows } = await sql<{ waiting: number }>`
        select count(*)::int as waiting from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`.execute(db)
      return rows[0]?.waiting === 2 ? true : undefined
    }, 'two that wait')
    return { begun }
  })
  return changing.begun
}
