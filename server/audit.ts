// The only door to the audit trail: a change and its entry are written in one transaction, in one chain of hashes.
import { createHash, randomBytes } from 'node:crypto'
import type { Database, DatabaseTransaction, Tables } from './database/tables.ts'
import type { Actor } from './vocabulary/actor.ts'
import { isoTime, type NewId } from './vocabulary/clock.ts'
import type { Environment } from './vocabulary/environment.ts'
import { Problem } from './vocabulary/problem.ts'
import type { SeenVersion } from './vocabulary/seen-version.ts'

/**
 * One change, as it is kept. No secret, hash of a secret or token is ever in `before` or `after`. They hold what was
 * changed alone, and stay small: a value that is too long is kept as its digest.
 */
export interface AuditEntry {
  /** Null: it concerns the whole deployment. */
  accountId: string | null
  /** Null: it concerns both. */
  environment: Environment | null
  actor: Actor
  /** Object and verb, e.g. `client.created`. */
  action: string
  object: {
    kind:
      | 'client'
      | 'secret'
      | 'api'
      | 'scope'
      | 'account'
      | 'member'
      | 'invitation'
      | 'signing_key'
      | 'deployment'
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

/**
 * Adds an entry inside the caller's transaction: it exists exactly when the change does.
 * Call it after the last change of the transaction: from here on every other writer of the trail waits, and one that
 * waits for a row which another has, who waits here, would be a deadlock.
 */
export async function recordAudit(
  tx: DatabaseTransaction,
  entry: AuditEntry,
  newId: NewId,
  nowMs: number,
): Promise<void> {
  await recordAudits(tx, [entry], newId, nowMs)
}

/** How many rows one statement writes: within what both databases take of parameters. */
const rowsAtOnce = 500

/** The same for a change of many things: in few statements, because others wait. */
export async function recordAudits(
  tx: DatabaseTransaction,
  entries: readonly AuditEntry[],
  newId: NewId,
  nowMs: number,
): Promise<void> {
  if (entries.length === 0) return
  // The row is also the lock: on PostgreSQL a second writer waits here and then sees what the first left, so that the
  // chain has one end.
  const head = await tx
    .updateTable('audit_head')
    .set((eb) => ({ seq: eb('seq', '+', entries.length) }))
    .where('id', '=', 1)
    .returning(['seq', 'hash'])
    .executeTakeFirstOrThrow()
  let { hash } = head
  const rows = entries.map((entry, index) => {
    const row = rowOf(entry, head.seq - entries.length + index + 1, newId, nowMs)
    hash = chainHash(hash, row)
    return { ...row, hash }
  })
  for (let from = 0; from < rows.length; from += rowsAtOnce)
    await tx
      .insertInto('audit')
      .values(rows.slice(from, from + rowsAtOnce))
      .execute()
  await tx.updateTable('audit_head').set({ hash }).where('id', '=', 1).execute()
}

function rowOf(entry: AuditEntry, seq: number, newId: NewId, nowMs: number): Omit<AuditRow, 'hash'> {
  const { address } = entry.actor
  const salt = address === null ? null : randomBytes(16).toString('hex')
  return {
    seq,
    id: newId('aud'),
    at: nowMs,
    account_id: entry.accountId,
    environment: entry.environment,
    actor_kind: entry.actor.kind,
    actor_id: asStored(entry.actor.id),
    address,
    address_salt: salt,
    address_digest: address === null || salt === null ? '' : digestAddress(salt, address),
    request_id: entry.actor.requestId,
    action: entry.action,
    object_kind: entry.object.kind,
    object_id: asStored(entry.object.id),
    object_version: entry.object.version ?? null,
    before: boundedJson(entry.before),
    after: boundedJson(entry.after),
  }
}

/** What stands in the chain for an address, so that the address itself can be cut and the chain still holds. */
export function digestAddress(salt: string, address: string): string {
  return createHash('sha256').update(salt).update(address).digest('hex')
}

/**
 * The hash of a row: over everything of it but the address, and the hash of the row before. What is hashed is one JSON
 * array of texts, whole numbers and nulls, and `before` and `after` are in it as the texts that are stored: there is
 * one way to write it (ECMA-262 JSON.stringify), whoever computes it. docs/guides/operate.md tells it to others.
 */
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

/** How long a value may be in JSON, and all of an entry together, in characters. */
const valueLimit = 8192
const entryLimit = 65_536

/** JSON of the members; a value that is too long is its length and its digest. */
function boundedJson(members: Record<string, unknown> | null): string | null {
  if (members === null) return null
  const whole = JSON.stringify(members)
  if (whole.length <= valueLimit) return whole
  const shortened = JSON.stringify(shorten(members, valueLimit))
  return shortened.length <= entryLimit ? shortened : JSON.stringify(shorten(members, 256))
}

function shorten(members: Record<string, unknown>, limit: number): Record<string, unknown> {
  const short = Object.entries(members)
    .slice(0, 100)
    .map(([name, value]): [string, unknown] => {
      const text = JSON.stringify(value) ?? 'null'
      if (text.length <= limit) return [name, value]
      const sha256 = createHash('sha256').update(text).digest('hex')
      return [name, { omitted: 'too long', characters: text.length, sha256 }]
    })
  return Object.fromEntries(short)
}

/** A text that comes back from a database as it went in: half a surrogate pair would not, and the chain would break. */
function asStored(text: string): string {
  return text.toWellFormed()
}

/**
 * Cuts the addresses of entries that are older: personal data. The digest stays, and without its salt it tells
 * nothing. @returns how many there were, `limit` at most: then there may be more.
 */
export async function cutAuditAddresses(db: Database, beforeMs: number, limit = 1000): Promise<number> {
  const old = db
    .selectFrom('audit')
    .select('seq')
    .where('address', 'is not', null)
    .where('at', '<', beforeMs)
    .limit(limit)
  const { numUpdatedRows } = await db
    .updateTable('audit')
    .set({ address: null, address_salt: null })
    .where('seq', 'in', old)
    .executeTakeFirstOrThrow()
  return Number(numUpdatedRows)
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

/**
 * Who changes something says which state he has seen (RFC 9110 §13); what others did since is not overwritten.
 * @throws {Problem} `precondition_failed`, with what they changed.
 */
export async function refuseOtherVersion(
  db: Database,
  object: { kind: AuditEntry['object']['kind']; id: string },
  seen: SeenVersion,
  version: number,
): Promise<void> {
  if (seen === 'any' || seen === version) return
  const changes = (await changesSince(db, object, seen)).map((row) => ({
    at: isoTime(row.at),
    action: row.action,
    by: `${row.actor_kind} ${row.actor_id}`,
    before: readMembers(row.before),
    after: readMembers(row.after),
  }))
  throw new Problem(
    'precondition_failed',
    'It was changed meanwhile; nothing was overwritten. Look at changes in this answer, read it again, then decide.',
    { headers: { etag: `"${version}"` }, members: { version, changes } },
  )
}

/** `before` or `after` of a row. What somebody changed in the database must not keep the rest from being read. */
export function readMembers(text: string | null): Record<string, unknown> | null {
  if (text === null) return null
  try {
    const members: unknown = JSON.parse(text)
    if (typeof members === 'object' && members !== null && !Array.isArray(members)) return { ...members }
  } catch {}
  return { unreadable: text }
}
