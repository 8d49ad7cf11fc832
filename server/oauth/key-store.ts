import type { Database } from '../database/tables.ts'

/** A signing key as it is stored: the public half readable, the private one wrapped by the master key. */
export interface StoredKey {
  id: string
  publicJwk: string
  wrappedPrivateKey: string
  /** Milliseconds; from when on it signs. */
  activeFrom: number
  /** Milliseconds; from when on it is no longer published. */
  removedFrom: number | null
}

export async function listKeys(db: Database): Promise<StoredKey[]> {
  const rows = await db
    .selectFrom('signing_key')
    .select(['id', 'public_jwk', 'wrapped_private_key', 'active_from', 'removed_from'])
    .orderBy('active_from', 'desc')
    .execute()
  return rows.map((row) => ({
    id: row.id,
    publicJwk: row.public_jwk,
    wrappedPrivateKey: row.wrapped_private_key,
    activeFrom: row.active_from,
    removedFrom: row.removed_from,
  }))
}

/** Adds a key unless there is one already: of two nodes that start at once, one makes the first key. */
export async function insertFirstKey(db: Database, key: StoredKey, nowMs: number): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const gate = { name: 'first-signing-key', wrapped: '', created_at: nowMs }
    const won = await tx
      .insertInto('wrapped_secret')
      .values(gate)
      .onConflict((conflict) => conflict.column('name').doNothing())
      .returning('name')
      .executeTakeFirst()
    if (!won) return
    await tx
      .insertInto('signing_key')
      .values({
        id: key.id,
        algorithm: 'ES256',
        public_jwk: key.publicJwk,
        wrapped_private_key: key.wrappedPrivateKey,
        created_at: nowMs,
        active_from: key.activeFrom,
        removed_from: key.removedFrom,
      })
      .execute()
  })
}
