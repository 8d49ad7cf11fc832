// What happens to signing keys, in the audit trail of the whole deployment: each key by its id, never its private half.
import { recordAudit } from '../audit.ts'
import type { DatabaseTransaction } from '../database/tables.ts'
import type { Actor } from '../vocabulary/actor.ts'
import { isoTime, type NewId } from '../vocabulary/clock.ts'
import type { KeyChange, StoredKey } from './key-store.ts'

/** Who changes the keys: a command, or Latchkey by schedule. */
export interface KeyAudit {
  actor: Actor
  newId: NewId
  nowMs: number
}

type SigningKeyAction = 'signing_key.created' | 'signing_key.retired' | 'signing_key.destroyed'

/** @param why the mode of the rotation, or `first`. */
export async function auditNewKey(
  tx: DatabaseTransaction,
  key: StoredKey,
  why: string,
  audit: KeyAudit,
): Promise<void> {
  const { algorithm, signer } = key
  const after = { algorithm, signer, activeFrom: isoTime(key.activeFrom), rotation: why }
  await record(tx, 'signing_key.created', key.id, null, after, audit)
}

/** The new key, and each one whose end it set. @param before the keys as they were. */
export async function auditRotation(
  tx: DatabaseTransaction,
  { key, ends }: KeyChange,
  before: readonly StoredKey[],
  why: string,
  audit: KeyAudit,
): Promise<void> {
  await auditNewKey(tx, key, why, audit)
  for (const { id, removedFrom } of ends) {
    const was = before.find((known) => known.id === id)?.removedFrom ?? null
    const [old, fresh] = [
      { removedFrom: was === null ? null : isoTime(was) },
      { removedFrom: isoTime(removedFrom) },
    ]
    await record(tx, 'signing_key.retired', id, old, { ...fresh, rotation: why }, audit)
  }
}

/** The private half is gone for good. */
export async function auditDestroyedKey(
  tx: DatabaseTransaction,
  keyId: string,
  audit: KeyAudit,
): Promise<void> {
  await record(tx, 'signing_key.destroyed', keyId, { privateKey: 'kept' }, { privateKey: 'destroyed' }, audit)
}

async function record(
  tx: DatabaseTransaction,
  action: SigningKeyAction,
  keyId: string,
  before: Record<string, unknown> | null,
  after: Record<string, unknown>,
  { actor, newId, nowMs }: KeyAudit,
): Promise<void> {
  const object = { kind: 'signing_key' as const, id: keyId }
  await recordAudit(
    tx,
    { accountId: null, environment: null, actor, action, object, before, after },
    newId,
    nowMs,
  )
}
