import type { Database } from '../database/tables.ts'
import type { AlgorithmName } from '../signing/algorithms.ts'
import type { Signer } from '../signing/signer.ts'
import type { Actor } from '../vocabulary/actor.ts'
import type { NewId, Now } from '../vocabulary/clock.ts'
import { auditDestroyedKey, auditRotation } from './key-audit.ts'
import { changeKeys, destroyEndedKeys, listKeys, type StoredKey } from './key-store.ts'
import { dueRotation, planRotation, type RotationMode, rotationTimes, signingNow } from './rotation.ts'
import { makeKey } from './signing-keys.ts'

/** Rotates the signing keys of all nodes: each sees it as a change in the database. */
export interface KeyRotation {
  /** @param algorithm by default that of the key that signs now. */
  rotate: (mode: RotationMode, algorithm?: AlgorithmName) => Promise<StoredKey>
  /** What the periodic job does: rotates when it is time, destroys what has ended. */
  rotateWhenDue: () => Promise<void>
}

/** @param actor who rotates, for the audit trail: a command, or Latchkey by schedule. */
export function createKeyRotation(
  db: Database,
  signer: Signer,
  now: Now,
  newId: NewId,
  actor: Actor,
): KeyRotation {
  const audit = () => ({ actor, newId, nowMs: now() })

  async function rotateIf(
    mode: RotationMode,
    algorithm: AlgorithmName | undefined,
    stillWanted: (keys: readonly StoredKey[]) => boolean,
  ): Promise<StoredKey | undefined> {
    const chosen = algorithm ?? signingNow(await listKeys(db), now())?.algorithm ?? 'ES256'
    // Before the transaction: an RSA key takes a second, another process even longer.
    const made = await makeKey(signer, chosen, newId)
    let added: StoredKey | undefined
    await changeKeys(
      db,
      now(),
      (keys) => {
        if (!stillWanted(keys)) return undefined
        const nowMs = now()
        const { activeFrom, ends } = planRotation(keys, mode, nowMs)
        added = { ...made, createdAt: nowMs, activeFrom, removedFrom: null }
        return { key: added, ends }
      },
      (tx, change, before) => auditRotation(tx, change, before, mode, audit()),
    )
    return added
  }

  return {
    async rotate(mode, algorithm) {
      const key = await rotateIf(mode, algorithm, () => true)
      if (!key) throw new Error('The keys were not rotated.')
      return key
    },
    async rotateWhenDue() {
      await destroyEndedKeys(db, now() - rotationTimes.keepEnded, (tx, keyId) =>
        auditDestroyedKey(tx, keyId, audit()),
      )
      const mode = dueRotation(await listKeys(db), signer.name, now())
      if (mode) await rotateIf(mode, undefined, (keys) => dueRotation(keys, signer.name, now()) === mode)
    },
  }
}
