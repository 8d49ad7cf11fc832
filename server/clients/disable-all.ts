import type { AuditEntry } from '../audit.ts'
import type { DatabaseTransaction } from '../database/tables.ts'
import type { Actor } from '../vocabulary/actor.ts'
import { isoTime } from '../vocabulary/clock.ts'
import { disableClient } from './revocations.ts'

/** More of them are left for another turn. */
const atOnce = 500

/**
 * Disables what clients an account has, inside the caller's transaction.
 * @returns what to write into the audit trail: an entry for each.
 */
export async function disableClientsOf(
  tx: DatabaseTransaction,
  accountId: string,
  actor: Actor,
  nowMs: number,
): Promise<AuditEntry[]> {
  const clients = await tx
    .selectFrom('client')
    .select(['id', 'environment', 'version'])
    .where('account_id', '=', accountId)
    .where('disabled_at', 'is', null)
    .where('deleted_at', 'is', null)
    .orderBy('id')
    .limit(atOnce)
    .execute()
  const entries: AuditEntry[] = []
  for (const { id, environment, version } of clients) {
    if (!(await disableClient(tx, { id, environment, version }, nowMs))) continue
    entries.push({
      ...{ accountId, environment, actor, action: 'client.disabled' },
      object: { kind: 'client', id, version: version + 1 },
      before: { disabledAt: null },
      after: { disabledAt: isoTime(nowMs) },
    })
  }
  return entries
}
