import { setImmediate as nextTurn } from 'node:timers/promises'
import { cutAuditAddresses } from '../audit.ts'
import { type Background, createBackground } from '../background/background.ts'
import { eraseDeletedClients } from '../clients/erase-deleted.ts'
import { cutLastUsedAddresses } from '../clients/last-used.ts'
import { forgetRevocations } from '../clients/revocations.ts'
import { forgetChanges } from '../database/changes.ts'
import { forgetNodes } from '../database/nodes.ts'
import type { Database } from '../database/tables.ts'
import { forgetAnswers } from '../idempotency.ts'
import type { KeyRotation } from '../oauth/key-rotation.ts'
import { forgetUsedProofs } from '../oauth/used-proofs.ts'
import { forgetInvitations } from '../people/invitation-store.ts'
import { forgetLinks } from '../people/one-time-link.ts'
import { forgetEndedSessions } from '../people/session-store.ts'
import type { NewId, Now } from '../vocabulary/clock.ts'
import { endTrials } from './end-trials.ts'

export interface PeriodicWork {
  db: Database
  rotation: KeyRotation
  now: Now
  newId: NewId
  /** How long addresses are kept. */
  addressDays: number
  /** Lets old activity go and makes room for the days to come. */
  retainActivity: () => Promise<void>
  onError: (job: string, error: unknown) => void
}

const dayMs = 24 * 3_600_000

/** Changes are read within a second; a day leaves room for a person who looks for a cause. */
const keepChangesMs = dayMs

/** Longer than a node may honour anything without the database: the most that LATCHKEY_STALE_SECONDS may be is a day. */
const keepNodesMs = 2 * dayMs

/** The work of the whole deployment that no request brings about. */
export function createPeriodicWork(options: PeriodicWork): Background {
  const { db, rotation, now, newId, addressDays, retainActivity, onError } = options
  const jobs = {
    activity: retainActivity,
    auditAddresses: () => cutOldAddresses(db, now() - addressDays * dayMs),
    secretAddresses: () => cutLastUsedAddresses(db, now() - addressDays * dayMs),
    signingKeys: rotation.rotateWhenDue,
    usedProofs: () => forgetUsedProofs(db, now()),
    revocations: () => forgetRevocations(db, now()),
    idempotentAnswers: () => forgetAnswers(db, now()),
    trials: () => endTrials(db, newId, now()),
    endedSessions: () => forgetEndedSessions(db),
    invitations: () => forgetInvitations(db, now() - dayMs),
    oneTimeLinks: () => forgetLinks(db, now() - dayMs),
    deletedClients: () => eraseDeletedClients(db, newId, now()),
    changes: () => forgetChanges(db, now() - keepChangesMs),
    nodes: () => forgetNodes(db, now() - keepNodesMs),
  }
  return createBackground({ db, now, holder: newId('node'), jobs, onError })
}

/** Some at a time: the first turn after a long while may find many. */
async function cutOldAddresses(db: Database, beforeMs: number): Promise<void> {
  const limit = 200
  while ((await cutAuditAddresses(db, beforeMs, limit)) === limit) await nextTurn()
}
