// Periodic work: clients whose deletion cannot be undone any more are erased, with their secrets.
import { recordAudit } from '../audit.ts'
import { recordChange } from '../database/changes.ts'
import type { Database } from '../database/tables.ts'
import type { NewId } from '../vocabulary/clock.ts'
import { eraseClient, listErasable } from './managed-store.ts'

/** Each is a short transaction of its own; what is left over is the next turn's. */
const atOnce = 100

export async function eraseDeletedClients(db: Database, newId: NewId, nowMs: number): Promise<void> {
  for (const { id, accountId, environment } of await listErasable(db, nowMs, atOnce)) {
    await db.transaction().execute(async (tx) => {
      if (!(await eraseClient(tx, id, nowMs))) return
      await recordChange(tx, 'client', id, nowMs)
      await recordAudit(
        tx,
        {
          accountId,
          environment,
          actor: { kind: 'system', id: 'deleted-clients', address: null, requestId: null },
          action: 'client.erased',
          object: { kind: 'client', id },
          before: null,
          after: null,
        },
        newId,
        nowMs,
      )
    })
  }
}
