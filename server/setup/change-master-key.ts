import { type AuditEntry, recordAudit } from '../audit.ts'
import type { Database } from '../database/tables.ts'
import { type Vault, wrappingKeyOf } from '../vault.ts'
import { systemActor } from '../vocabulary/actor.ts'
import type { NewId } from '../vocabulary/clock.ts'

/**
 * Wraps everything anew that was wrapped with the previous master key, in one transaction: all or nothing.
 * Two nodes may do it at once, and doing it again changes nothing.
 * @param vault opened with both keys.
 * @throws {VaultError} when something was wrapped with neither.
 */
export async function changeMasterKey(
  db: Database,
  vault: Vault,
  newId: NewId,
  nowMs: number,
): Promise<void> {
  // Empty: a gate, a key that a signing process has, or one that was destroyed when its time was over.
  const isOld = (wrapped: string) => wrapped !== '' && !vault.owns(wrapped)
  const anew = (name: string, wrapped: string) => vault.wrap(name, vault.unwrap(name, wrapped))
  await db.transaction().execute(async (tx) => {
    // By the ids of master keys, which tell nothing of them.
    const before = new Set<string>()
    const after = wrappingKeyOf(vault.wrap('', Buffer.alloc(0)))
    let [secrets, signingKeys] = [0, 0]
    // In the order of their names, so that two nodes never wait for each other crosswise. Each writes only over
    // what it read: the other's work is as good.
    for (const { name, wrapped } of await tx
      .selectFrom('wrapped_secret')
      .select(['name', 'wrapped'])
      .orderBy('name')
      .execute()) {
      if (!isOld(wrapped)) continue
      const update = tx.updateTable('wrapped_secret').set({ wrapped: anew(name, wrapped) })
      const done = await update
        .where('name', '=', name)
        .where('wrapped', '=', wrapped)
        .returning('name')
        .execute()
      secrets += done.length
      if (done.length > 0) before.add(wrappingKeyOf(wrapped))
    }
    for (const { id, wrapped_private_key: wrapped } of await tx
      .selectFrom('signing_key')
      .select(['id', 'wrapped_private_key'])
      .orderBy('id')
      .execute()) {
      if (!isOld(wrapped)) continue
      const update = tx.updateTable('signing_key').set({ wrapped_private_key: anew(id, wrapped) })
      const done = await update
        .where('id', '=', id)
        .where('wrapped_private_key', '=', wrapped)
        .returning('id')
        .execute()
      signingKeys += done.length
      if (done.length > 0) before.add(wrappingKeyOf(wrapped))
    }
    // The other node did it all.
    if (before.size === 0) return
    const entry: AuditEntry = {
      accountId: null,
      environment: null,
      actor: systemActor('start'),
      action: 'deployment.master_key_changed',
      object: { kind: 'deployment', id: 'master_key' },
      before: { masterKeyIds: [...before].sort() },
      after: { masterKeyIds: [after], secrets, signingKeys },
    }
    await recordAudit(tx, entry, newId, nowMs)
  })
}
