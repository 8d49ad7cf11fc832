// An account whose address nobody confirmed in time is closed: its clients are disabled, its people are signed out.
import { recordAudits } from '../audit.ts'
import { disableClientsOf } from '../clients/disable-all.ts'
import type { Database } from '../database/tables.ts'
import { systemActor } from '../vocabulary/actor.ts'
import type { NewId } from '../vocabulary/clock.ts'

const atOnce = 100

/** Closes what is due, some accounts at a time. Doing it again changes nothing. */
export async function endTrials(db: Database, newId: NewId, nowMs: number): Promise<void> {
  const due = await db
    .selectFrom('account')
    .select('id')
    .where('trial_ends_at', '<=', nowMs)
    .where((eb) =>
      eb.exists(
        eb
          .selectFrom('client')
          .select('client.id')
          .whereRef('client.account_id', '=', 'account.id')
          .where('client.disabled_at', 'is', null)
          .where('client.deleted_at', 'is', null),
      ),
    )
    .limit(atOnce)
    .execute()
  for (const { id } of due)
    await db.transaction().execute(async (tx) => {
      const entries = await disableClientsOf(tx, id, systemActor('end_of_trial'), nowMs)
      await recordAudits(tx, entries, newId, nowMs)
    })
  await db
    .deleteFrom('person_session')
    .where('person_id', 'in', (eb) =>
      eb
        .selectFrom('member')
        .innerJoin('account', 'account.id', 'member.account_id')
        .select('member.person_id')
        .where('account.trial_ends_at', '<=', nowMs),
    )
    .execute()
}
