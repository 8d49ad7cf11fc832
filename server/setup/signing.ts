import type { Background } from '../background/background.ts'
import type { Config } from '../config.ts'
import type { Database } from '../database/tables.ts'
import { createKeyRotation, type KeyRotation } from '../oauth/key-rotation.ts'
import { openSigningKeys, type SigningKeys } from '../oauth/signing-keys.ts'
import { openSigners } from '../signing/open-signers.ts'
import type { Signer } from '../signing/signer.ts'
import type { Vault } from '../vault.ts'
import { systemActor } from '../vocabulary/actor.ts'
import type { NewId, Now } from '../vocabulary/clock.ts'
import { createPeriodicWork } from './periodic-work.ts'

/** The signing keys, who holds them, and the periodic work that rotates them. */
export interface Signing {
  keys: SigningKeys
  rotation: KeyRotation
  /** Who makes new keys. */
  signer: Signer
  /** Periodic work; it begins with `start`. */
  background: Background
  /** After the last request. */
  close: () => Promise<void>
}

export async function openSigning(options: {
  config: Config
  db: Database
  vault: Vault
  now: Now
  newId: NewId
  warn: (facts: object, text: string) => void
  /** Periodic work on what was recorded. */
  retainActivity: () => Promise<void>
}): Promise<Signing> {
  const { config, db, vault, now, newId, warn, retainActivity } = options
  const signers = openSigners(config.signerSocket, vault)
  const keys = await openSigningKeys(db, signers, now, newId, (keyId, error) =>
    warn({ keyId, err: error }, 'a signing key cannot be opened: restart with its master key'),
  )
  const rotation = createKeyRotation(db, signers[0], now, newId, systemActor('signing_key_rotation'))
  const onError = (job: string, error: unknown) =>
    warn({ job, err: error }, 'periodic work failed; it is tried again')
  const background = createPeriodicWork({
    ...{ db, rotation, now, newId, onError, retainActivity },
    addressDays: config.addressDays,
  })
  return {
    keys,
    rotation,
    signer: signers[0],
    background,
    async close() {
      await background.stop()
      for (const signer of signers) signer.close()
    },
  }
}
