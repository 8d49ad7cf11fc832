import { recordChange } from '../database/changes.ts'
import type { Database, DatabaseTransaction } from '../database/tables.ts'
import type { AlgorithmName } from '../signing/algorithms.ts'

/** A signing key as it is stored: the public half readable, the private one wrapped by the master key or elsewhere. */
export interface StoredKey {
  id: string
  algorithm: AlgorithmName
  publicJwk: string
  /** Empty when its signer keeps the private half, and when the key has ended. */
  wrappedPrivateKey: string
  /** Milliseconds; from when on it is published. */
  createdAt: number
  /** Milliseconds; from when on it signs. */
  activeFrom: number
  /** Milliseconds; from when on it is no longer published. */
  removedFrom: number | null
  /** Who signs with it: `local` or `unix`. */
  signer: string
}

/** All keys that ever were, the newest to sign first. */
export async function listKeys(db: Database): Promise<StoredKey[]> {
  const rows = await db
    .selectFrom('signing_key')
    .selectAll()
    .orderBy('active_from', 'desc')
    .orderBy('id', 'desc')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    algorithm: row.algorithm,
    publicJwk: row.public_jwk,
    wrappedPrivateKey: row.wrapped_private_key,
    createdAt: row.created_at,
    activeFrom: row.active_from,
    removedFrom: row.removed_from,
    signer: row.signer,
  }))
}

const gate = 'first-signing-key'

/**
 * Adds a key unless there is one already: of two nodes that start at once, one makes the first key.
 * @param note writes the audit entry, in the same transaction.
 */
export async function insertFirstKey(
  db: Database,
  key: StoredKey,
  note: (tx: DatabaseTransaction) => Promise<void>,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const won = await tx
      .insertInto('wrapped_secret')
      .values({ name: gate, wrapped: '', created_at: key.createdAt })
      .onConflict((conflict) => conflict.column('name').doNothing())
      .returning('name')
      .executeTakeFirst()
    if (!won) return
    await insertKey(tx, key)
    await note(tx)
  })
}

/** What a rotation changes: the key that comes, and when those before it are no longer published. */
export interface KeyChange {
  key: StoredKey
  ends: readonly { id: string; removedFrom: number }[]
}

/**
 * Changes the keys as `decide` says, which sees them as they are then: of several that rotate at once, each
 * sees what the one before it did.
 * @param note writes the audit entries, in the same transaction.
 * @returns false when `decide` found nothing to do.
 */
export async function changeKeys(
  db: Database,
  nowMs: number,
  decide: (keys: StoredKey[]) => KeyChange | undefined,
  note: (tx: DatabaseTransaction, change: KeyChange, before: readonly StoredKey[]) => Promise<void>,
): Promise<boolean> {
  return db.transaction().execute(async (tx) => {
    // SQLite: BEGIN IMMEDIATE is the lock. PostgreSQL: this row is.
    await tx.updateTable('wrapped_secret').set({ wrapped: '' }).where('name', '=', gate).execute()
    const before = await listKeys(tx)
    const change = decide(before)
    if (!change) return false
    for (const { id, removedFrom } of change.ends)
      await tx.updateTable('signing_key').set({ removed_from: removedFrom }).where('id', '=', id).execute()
    await insertKey(tx, change.key)
    await recordChange(tx, 'signing_key', change.key.id, nowMs)
    await note(tx, change, before)
    return true
  })
}

/**
 * Destroys the private halves of keys that ended before: nothing is ever signed with them again.
 * @param note writes the audit entry of one, in the same transaction.
 */
export async function destroyEndedKeys(
  db: Database,
  beforeMs: number,
  note: (tx: DatabaseTransaction, keyId: string) => Promise<void>,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const destroyed = await tx
      .updateTable('signing_key')
      .set({ wrapped_private_key: '' })
      .where('removed_from', '<=', beforeMs)
      .where('wrapped_private_key', '!=', '')
      .returning('id')
      .execute()
    for (const { id } of destroyed) await note(tx, id)
  })
}

async function insertKey(tx: Database, key: StoredKey): Promise<void> {
  await tx
    .insertInto('signing_key')
    .values({
      id: key.id,
      algorithm: key.algorithm,
      public_jwk: key.publicJwk,
      wrapped_private_key: key.wrappedPrivateKey,
      created_at: key.createdAt,
      active_from: key.activeFrom,
      removed_from: key.removedFrom,
      signer: key.signer,
    })
    .execute()
}
