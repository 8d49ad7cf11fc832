// The secret that a client is made with: its value is shown in that answer and never again.
import type { KeyObject } from 'node:crypto'
import type { Static } from 'typebox'
import type { DatabaseTransaction } from '../database/tables.ts'
import { isoTimeOrNull } from '../vocabulary/clock.ts'
import type { Owner } from '../vocabulary/owner.ts'
import type { newSecretAnswer, newSecretWish } from './client-schema.ts'
import { hashSecret, makeSecret } from './secret.ts'
import { hintOf } from './secret-answer.ts'
import { readExpiry } from './secret-expiry.ts'
import { insertSecret } from './store.ts'

export type SecretWish = Static<typeof newSecretWish>

export interface FirstSecret {
  shown: Static<typeof newSecretAnswer>
  /** What the audit trail says of it. */
  audited: Record<string, unknown>
}

/** Makes a secret for a new client, inside the caller's transaction. */
export async function insertFirstSecret(
  tx: DatabaseTransaction,
  client: Owner & { id: string },
  { name = 'First secret', ...expiry }: SecretWish,
  pepper: KeyObject,
  nowMs: number,
): Promise<FirstSecret> {
  const { accountId, id: clientId } = client
  const { id, secret, hint } = makeSecret(client.environment)
  const expiresAt = readExpiry(expiry, nowMs)
  await insertSecret(
    tx,
    { id, clientId, accountId, name, hash: hashSecret(pepper, secret), hint, expiresAt },
    nowMs,
  )
  const shown = { id, name, expiresAt: isoTimeOrNull(expiresAt) }
  return {
    shown: { ...shown, secret },
    audited: { clientId, name, hint: hintOf(client, { hint }), expiresAt: shown.expiresAt },
  }
}
