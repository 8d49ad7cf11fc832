import { type Background, createBackground } from '../background/background.ts'
import { forgetRevocations } from '../clients/revocations.ts'
import { forgetChanges } from '../database/changes.ts'
import type { Database } from '../database/tables.ts'
import { forgetAnswers } from '../idempotency.ts'
import type { KeyRotation } from '../oauth/key-rotation.ts'
import { forgetUsedProofs } from '../oauth/used-proofs.ts'
import type { NewId, Now } from '../vocabulary/clock.ts'

export interface PeriodicWork {
  db: Database
  rotation: KeyRotation
  now: Now
  newId: NewId
  onError: (job: string, error: unknown) => void
}

/** Changes are read within a second; a day leaves room for a person who looks for a cause. */
const keepChangesMs = 24 * 3_600_000

/** The work of the whole deployment that no request brings about. */
export function createPeriodicWork({ db, rotation, now, newId, onError }: PeriodicWork): Background {
  const jobs = {
    signingKeys: rotation.rotateWhenDue,
    usedProofs: () => forgetUsedProofs(db, now()),
    revocations: () => forgetRevocations(db, now()),
    idempotentAnswers: () => forgetAnswers(db, now()),
    changes: () => forgetChanges(db, now() - keepChangesMs),
  }
  return createBackground({ db, now, holder: newId('node'), jobs, onError })
}
