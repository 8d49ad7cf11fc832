import type { AuditEntry } from '../audit.ts'
import type { DatabaseTransaction } from '../database/tables.ts'
import type { Actor } from '../vocabulary/actor.ts'
import { isoTime } from '../vocabulary/clock.ts'
import { disableClient } from './revocations.ts'

/** How many clients are read at a time. */
const atOnce = 500

/**
 * Disables every client of an account, one that is changed at the same moment too, inside the caller's transaction.
 * @returns what to write into the audit trail: an entry for each.
 */
export async function disableClientsOf(
  tx: DatabaseTransaction,
  accountId: string,
  actor: Actor,
  nowMs: number,
): Promise<AuditEntry[]> {
  const entries: AuditEntry[] = []
  for (;;) {
    const clients = await enabledClients(tx, accountId)
    if (clients.length === 0) return entries
    for (const { id, environment, version } of clients) {
      // Somebody changed it since it was read: the next turn reads it again.
      if (!(await disableClient(tx, { id, environment, version }, nowMs))) continue
      entries.push({
        ...{ accountId, environment, actor, action: 'client.disabled' },
        object: { kind: 'client', id, version: version + 1 },
        before: { disabledAt: null },
        after: { disabledAt: isoTime(nowMs) },
      })
    }
  }
}

function enabledClients(tx: DatabaseTransaction, accountId: string) {
  return tx
    .selectFrom('client')
    .select(['id', 'environment', 'version'])
    .where('account_id', '=', accountId)
    .where('disabled_at', 'is', null)
    .where('deleted_at', 'is', null)
    .orderBy('id')
    .limit(atOnce)
    .execute()
}
