import type { Database } from '../database/tables.ts'
import type { Vault } from '../vault.ts'

/**
 * Wraps everything anew that was wrapped with the previous master key, in one transaction: all or nothing.
 * Two nodes may do it at once, and doing it again changes nothing.
 * @param vault opened with both keys.
 * @throws {VaultError} when something was wrapped with neither.
 */
export async function changeMasterKey(db: Database, vault: Vault): Promise<void> {
  // Empty: a gate, a key that a signing process has, or one that was destroyed when its time was over.
  const isOld = (wrapped: string) => wrapped !== '' && !vault.owns(wrapped)
  const anew = (name: string, wrapped: string) => vault.wrap(name, vault.unwrap(name, wrapped))
  await db.transaction().execute(async (tx) => {
    // In the order of their names, so that two nodes never wait for each other crosswise. Each writes only over
    // what it read: the other's work is as good.
    for (const { name, wrapped } of await tx
      .selectFrom('wrapped_secret')
      .select(['name', 'wrapped'])
      .orderBy('name')
      .execute()) {
      if (!isOld(wrapped)) continue
      const update = tx.updateTable('wrapped_secret').set({ wrapped: anew(name, wrapped) })
      await update.where('name', '=', name).where('wrapped', '=', wrapped).execute()
    }
    for (const { id, wrapped_private_key: wrapped } of await tx
      .selectFrom('signing_key')
      .select(['id', 'wrapped_private_key'])
      .orderBy('id')
      .execute()) {
      if (!isOld(wrapped)) continue
      const update = tx.updateTable('signing_key').set({ wrapped_private_key: anew(id, wrapped) })
      await update.where('id', '=', id).where('wrapped_private_key', '=', wrapped).execute()
    }
  })
}
