// The only door to the audit trail: a change and its entry are written in one transaction, in one chain of hashes.
import { createHash, randomBytes } from 'node:crypto'
import type { Database, DatabaseTransaction, Tables } from './database/tables.ts'
import type { Actor } from './vocabulary/actor.ts'
import type { NewId } from './vocabulary/clock.ts'
import type { Environment } from './vocabulary/environment.ts'

/** One change, as it is kept. No secret, hash of a secret or token is ever in `before` or `after`. */
export interface AuditEntry {
  /** Null: it concerns the whole deployment. */
  accountId: string | null
  /** Null: it concerns both. */
  environment: Environment | null
  actor: Actor
  /** Object and verb, e.g. `client.created`. */
  action: string
  object: {
    kind: 'client' | 'secret' | 'api' | 'scope' | 'account' | 'signing_key' | 'deployment'
    id: string
    /** The version that the change made, as its ETag says it. */
    version?: number
  }
  /** The members that changed, as they were; null when it is new. */
  before: Record<string, unknown> | null
  /** The same members, as they are; null when it is gone. */
  after: Record<string, unknown> | null
}

export type AuditRow = Tables['audit']

/** Adds an entry inside the caller's transaction: it exists exactly when the change does. */
export async function recordAudit(
  tx: DatabaseTransaction,
  entry: AuditEntry,
  newId: NewId,
  nowMs: number,
): Promise<void> {
  // The row is also the lock: on PostgreSQL a second writer waits here, so that the chain has one end.
  const head = await tx
    .updateTable('audit_head')
    .set((eb) => ({ seq: eb('seq', '+', 1) }))
    .where('id', '=', 1)
    .returning(['seq', 'hash'])
    .executeTakeFirstOrThrow()
  const { address } = entry.actor
  const salt = address === null ? null : randomBytes(16).toString('hex')
  const row: Omit<AuditRow, 'hash'> = {
    seq: head.seq,
    id: newId('aud'),
    at: nowMs,
    account_id: entry.accountId,
    environment: entry.environment,
    actor_kind: entry.actor.kind,
    actor_id: entry.actor.id,
    address,
    address_salt: salt,
    address_digest: address === null || salt === null ? '' : digestAddress(salt, address),
    request_id: entry.actor.requestId,
    action: entry.action,
    object_kind: entry.object.kind,
    object_id: entry.object.id,
    object_version: entry.object.version ?? null,
    before: entry.before && JSON.stringify(entry.before),
    after: entry.after && JSON.stringify(entry.after),
  }
  const hash = chainHash(head.hash, row)
  await tx
    .insertInto('audit')
    .values({ ...row, hash })
    .execute()
  await tx.updateTable('audit_head').set({ hash }).where('id', '=', 1).execute()
}

/** What stands in the chain for an address, so that the address itself can be cut and the chain still holds. */
export function digestAddress(salt: string, address: string): string {
  return createHash('sha256').update(salt).update(address).digest('hex')
}

/** The hash of a row: over everything of it but the address, and the hash of the row before. */
export function chainHash(previousHash: string, row: Omit<AuditRow, 'hash'>): string {
  const fields = [
    previousHash,
    row.seq,
    row.id,
    row.at,
    row.account_id,
    row.environment,
    row.actor_kind,
    row.actor_id,
    row.address_digest,
    row.request_id,
    row.action,
    row.object_kind,
    row.object_id,
    row.object_version,
    row.before,
    row.after,
  ]
  return createHash('sha256').update(JSON.stringify(fields)).digest('hex')
}

/** What changed of an object after a version of it, oldest first: what a 412 tells. */
export async function changesSince(
  db: Database,
  object: { kind: AuditEntry['object']['kind']; id: string },
  version: number,
): Promise<AuditRow[]> {
  return db
    .selectFrom('audit')
    .selectAll()
    .where('object_kind', '=', object.kind)
    .where('object_id', '=', object.id)
    .where('object_version', '>', version)
    .orderBy('seq')
    .limit(20)
    .execute()
}
