import { createHash } from 'node:crypto'
import type { Database } from '../database/tables.ts'

/**
 * Takes an assertion or a proof out of circulation: the first of all nodes wins, the second sees a replay
 * (RFC 7523 §3, RFC 9449 §11.1). One insert; without the database it fails, and so does the request.
 * @param scope what makes an id unique beside itself, e.g. the client or the key.
 * @returns false when it was used before.
 */
export async function useOnce(
  db: Database,
  scope: string,
  id: string,
  expiresAtMs: number,
): Promise<boolean> {
  // A hash: ids are the caller's, of any length and content.
  const key = createHash('sha256').update(scope).update('\0').update(id).digest('base64url')
  const inserted = await db
    .insertInto('used_proof')
    .values({ id: key, expires_at: expiresAtMs })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst()
  return inserted !== undefined
}

/** Forgets what nobody could use again. */
export async function forgetUsedProofs(db: Database, nowMs: number): Promise<void> {
  await db.deleteFrom('used_proof').where('expires_at', '<', nowMs).execute()
}
