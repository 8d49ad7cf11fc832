// What happens to a client as a whole, and what each needs. Doing one again changes nothing.
import type { Database, DatabaseTransaction } from '../database/tables.ts'
import type { AccountCaller } from '../vocabulary/account-caller.ts'
import { isoTime } from '../vocabulary/clock.ts'
import type { Owner } from '../vocabulary/owner.ts'
import { Problem } from '../vocabulary/problem.ts'
import { undoUntil } from './deletion.ts'
import { refuseEscalation } from './escalation.ts'
import { type ClientChange, clientsLimit, refuseDeleted, tooManyClients } from './managed-client.ts'
import { countClients, findManagedClient, type ManagedClient, wasDeleted } from './managed-store.ts'
import { disableClient, enableClient, markDeleted, revokeAllTokens, unmarkDeleted } from './revocations.ts'

interface Situation {
  known: ManagedClient
  caller: AccountCaller
  tx: DatabaseTransaction
  nowMs: number
}

export interface Switch {
  /** True when it ends something that worked: the answer says where that is in effect. */
  ends: boolean
  /** Looks before the client is read. */
  before?: (db: Database, owner: Owner, clientId: string, nowMs: number) => Promise<void>
  /** @returns undefined when it is so already. */
  plan: (situation: Situation) => Promise<ClientChange | undefined>
}

export const disabling: Switch = {
  ends: true,
  async plan({ known, nowMs }) {
    refuseDeleted(known)
    if (known.switchedOffAt !== null) return undefined
    return {
      action: 'client.disabled',
      before: { disabledAt: null },
      after: { disabledAt: isoTime(nowMs) },
      version: known.version + 1,
      write: (tx) => disableClient(tx, known, nowMs),
    }
  },
}

export const enabling: Switch = {
  ends: false,
  async plan({ known, caller, nowMs }) {
    refuseDeleted(known)
    refuseEscalation(caller, known)
    if (known.switchedOffAt === null) return undefined
    return {
      action: 'client.enabled',
      before: { disabledAt: isoTime(known.switchedOffAt) },
      after: { disabledAt: null },
      version: known.version + 1,
      write: (tx) => enableClient(tx, known, nowMs),
    }
  },
}

export const tokenRevocation: Switch = {
  ends: true,
  async plan({ known, nowMs }) {
    refuseDeleted(known)
    return {
      action: 'client.tokens_revoked',
      before: null,
      after: { tokensUntil: isoTime(nowMs) },
      // What is shown of the client stays as it was.
      version: undefined,
      async write(tx) {
        await revokeAllTokens(tx, known, nowMs)
        return true
      },
    }
  },
}

export const deletion: Switch = {
  ends: true,
  async plan({ known, nowMs }) {
    if (known.deletedAt !== null) return undefined
    return {
      action: 'client.deleted',
      before: { name: known.name, deletedAt: null },
      after: { name: known.name, deletedAt: isoTime(nowMs), undoUntil: isoTime(undoUntil(nowMs)) },
      version: known.version + 1,
      write: (tx) => markDeleted(tx, known, nowMs),
    }
  },
}

export const restoring: Switch = {
  ends: false,
  async before(db, owner, clientId, nowMs) {
    if (await findManagedClient(db, owner, clientId, nowMs)) return
    if (!(await wasDeleted(db, owner, clientId))) return
    throw new Problem(
      'gone',
      'This API client was deleted more than ten minutes ago: it is erased with its secrets and cannot come back. Create a new one.',
    )
  },
  async plan({ known, caller, tx, nowMs }) {
    refuseEscalation(caller, known)
    if (known.deletedAt === null) return undefined
    if ((await countClients(tx, known)) >= clientsLimit) throw tooManyClients(known)
    return {
      action: 'client.restored',
      before: { deletedAt: isoTime(known.deletedAt) },
      after: {
        deletedAt: null,
        disabledAt: known.switchedOffAt === null ? null : isoTime(known.switchedOffAt),
      },
      version: known.version + 1,
      write: (writer) => unmarkDeleted(writer, known, nowMs),
    }
  },
}
