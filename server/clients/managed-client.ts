// A client of an account is read, changed and audited here: the change, its entry and what other nodes must forget are
// one transaction.
import { type AuditEntry, recordAudit, refuseOtherVersion } from '../audit.ts'
import type { Database, DatabaseTransaction } from '../database/tables.ts'
import type { Actor } from '../vocabulary/actor.ts'
import type { NewId, Now } from '../vocabulary/clock.ts'
import type { Owner } from '../vocabulary/owner.ts'
import { Problem } from '../vocabulary/problem.ts'
import type { SeenVersion } from '../vocabulary/seen-version.ts'
import { countClients, findManagedClient, type ManagedClient } from './managed-store.ts'

/** How many clients an account may have in one environment. */
export const clientsLimit = 10_000

export interface ChangeContext {
  db: Database
  now: Now
  newId: NewId
}

/** Which client is to be changed, by whom, and which state of it he has seen. */
export interface ChangeRequest {
  owner: Owner
  clientId: string
  actor: Actor
  seen: SeenVersion
}

/** A change as it is decided on a known state of the client. */
export interface ClientChange extends Pick<AuditEntry, 'action' | 'before' | 'after'> {
  /** Writes it and tells every node. @returns false when the client is another version by now. */
  write: (tx: DatabaseTransaction) => Promise<boolean>
  /** The version that it makes; undefined: none. */
  version: number | undefined
}

/**
 * Decides and writes a change of a client.
 * @param plan decides on what is there; undefined: there is nothing to change.
 * @throws {Problem} `precondition_failed` when it is not what was seen, `not_found`, and what `plan` throws.
 */
export async function changeClient(
  { db, now, newId }: ChangeContext,
  request: ChangeRequest,
  plan: (known: ManagedClient, tx: DatabaseTransaction) => Promise<ClientChange | undefined>,
): Promise<{ client: ManagedClient; change: ClientChange | undefined }> {
  const { owner, clientId, actor, seen } = request
  const nowMs = now()
  return db.transaction().execute(async (tx) => {
    // On PostgreSQL somebody may come between reading and writing: then what he left is what is decided on.
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const known = await getManagedClient(tx, owner, clientId, nowMs)
      await refuseOtherVersion(tx, { kind: 'client', id: clientId }, seen, known.version)
      const change = await plan(known, tx)
      if (!change) return { client: known, change }
      if (!(await change.write(tx))) continue
      const { action, before, after, version } = change
      const object = { kind: 'client' as const, id: clientId, ...(version !== undefined && { version }) }
      await recordAudit(tx, { ...owner, actor, action, object, before, after }, newId, nowMs)
      return { client: await getManagedClient(tx, owner, clientId, nowMs), change }
    }
    throw new Problem(
      'conflict',
      'Others change this client again and again at this moment. Nothing was changed. Try again.',
    )
  })
}

/** @throws {Problem} `not_found` for one of another account or environment too: that it exists says something. */
export async function getManagedClient(
  db: Database,
  owner: Owner,
  clientId: string,
  nowMs: number,
): Promise<ManagedClient> {
  const client = await findManagedClient(db, owner, clientId, nowMs)
  if (client) return client
  throw new Problem(
    'not_found',
    `There is no such API client in this account and environment. GET /account/${owner.environment}/api-clients lists them.`,
  )
}

/** @throws {Problem} `conflict` for what cannot be done with a deleted client. */
export function refuseDeleted(client: ManagedClient): void {
  if (client.deletedAt === null) return
  throw new Problem(
    'conflict',
    'This API client is deleted. POST …/restore takes that back until undoUntil; then change it.',
  )
}

/**
 * Call it after the new client was audited: whoever makes another at the same time waits for that, so that both count.
 * @throws {Problem} `conflict` when the account has more clients than it may.
 */
export async function refuseTooMany(tx: DatabaseTransaction, owner: Owner): Promise<void> {
  if ((await countClients(tx, owner)) > clientsLimit) throw tooManyClients(owner)
}

/** The refusal of one client more. */
export function tooManyClients({ environment }: Owner): Problem {
  return new Problem(
    'conflict',
    `The account has ${clientsLimit} API clients in ${environment}, which is the most that it may have. Delete those that nobody uses.`,
  )
}
