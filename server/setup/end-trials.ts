// An account whose address nobody confirmed in time is closed: its clients are disabled, its people are signed out.
import { recordAudits } from '../audit.ts'
import { disableClient } from '../clients/revocations.ts'
import type { Database } from '../database/tables.ts'
import { systemActor } from '../vocabulary/actor.ts'
import { isoTime, type NewId } from '../vocabulary/clock.ts'

const atOnce = 100

/** Closes what is due, some accounts at a time. Doing it again changes nothing. */
export async function endTrials(db: Database, newId: NewId, nowMs: number): Promise<void> {
  const clients = await db
    .selectFrom('client')
    .innerJoin('account', 'account.id', 'client.account_id')
    .select(['client.id', 'client.account_id', 'client.environment', 'client.version'])
    .where('account.trial_ends_at', '<=', nowMs)
    .where('client.disabled_at', 'is', null)
    .where('client.deleted_at', 'is', null)
    .limit(atOnce)
    .execute()
  for (const client of clients)
    await db.transaction().execute(async (tx) => {
      const { id, account_id: accountId, environment, version } = client
      if (!(await disableClient(tx, { id, environment, version }, nowMs))) return
      const entry = {
        ...{ accountId, environment, actor: systemActor('end_of_trial'), action: 'client.disabled' },
        object: { kind: 'client' as const, id, version: version + 1 },
        before: { disabledAt: null },
        after: { disabledAt: isoTime(nowMs) },
      }
      await recordAudits(tx, [entry], newId, nowMs)
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
