import type { Database } from '../database/tables.ts'

/**
 * Takes or renews a lease: of many nodes one holds it. A node that died loses it when it runs out.
 * What is done under it must bear being done twice: clocks differ.
 * @returns false while another one holds it.
 */
export async function takeLease(
  db: Database,
  name: string,
  holder: string,
  nowMs: number,
  forMs: number,
): Promise<boolean> {
  const held_until = nowMs + forMs
  const taken = await db
    .insertInto('lease')
    .values({ name, holder, held_until })
    .onConflict((conflict) =>
      conflict
        .column('name')
        .doUpdateSet({ holder, held_until })
        .where((eb) => eb.or([eb('lease.held_until', '<=', nowMs), eb('lease.holder', '=', holder)])),
    )
    .returning('name')
    .executeTakeFirst()
  return taken !== undefined
}

/** Lets the next one have it at once. */
export async function dropLease(db: Database, name: string, holder: string): Promise<void> {
  await db.deleteFrom('lease').where('name', '=', name).where('holder', '=', holder).execute()
}
