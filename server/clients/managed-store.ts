// Clients as their account sees them: what the token endpoint needs, and their history.
import type { Database } from '../database/tables.ts'
import type { Owner } from '../vocabulary/owner.ts'
import type { Client } from './client.ts'
import { erasableSince } from './deletion.ts'
import { findClient } from './store.ts'

/** A client as its account manages it. Its `disabledAt` is the deletion's, too. */
export interface ManagedClient extends Client {
  createdAt: number
  updatedAt: number
  /** When somebody disabled it, deleted or not. */
  switchedOffAt: number | null
  deletedAt: number | null
  /** The test client that it was copied from. */
  copiedFrom: string | null
}

/** A client of this account and environment; one whose deletion cannot be undone any more is gone. */
export async function findManagedClient(
  db: Database,
  owner: Owner,
  clientId: string,
  nowMs: number,
): Promise<ManagedClient | undefined> {
  const row = await db
    .selectFrom('client')
    .select(['created_at', 'updated_at', 'disabled_at', 'deleted_at', 'copied_from'])
    .where('id', '=', clientId)
    .where('account_id', '=', owner.accountId)
    .where('environment', '=', owner.environment)
    .where((eb) => eb.or([eb('deleted_at', 'is', null), eb('deleted_at', '>', erasableSince(nowMs))]))
    .executeTakeFirst()
  const client = row && (await findClient(db, clientId))
  return (
    client && {
      ...client,
      createdAt: row.created_at,
      updatedAt: row.updated_at,
      switchedOffAt: row.disabled_at,
      deletedAt: row.deleted_at,
      copiedFrom: row.copied_from,
    }
  )
}

/** What is known of all secrets of a client together. */
export interface SecretSummary {
  /** How many may authenticate it now. */
  alive: number
  /** When the oldest of these was made. */
  oldestCreatedAt: number | null
  /** When any of its secrets was last used. */
  lastUsedAt: number | null
}

export const noSecrets: SecretSummary = { alive: 0, oldestCreatedAt: null, lastUsedAt: null }

/** The secrets of clients of an account, summed up for each client that has any. */
export async function summariseSecrets(
  db: Database,
  owner: Owner,
  clientIds: readonly string[],
  nowMs: number,
): Promise<Map<string, SecretSummary>> {
  if (clientIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('client_secret')
    .select((eb) => {
      const isAlive = eb.and([
        eb('revoked_at', 'is', null),
        eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', nowMs)]),
      ])
      return [
        'client_id',
        eb.fn.count(eb.case().when(isAlive).then(eb.ref('id')).end()).as('alive'),
        eb.fn.min(eb.case().when(isAlive).then(eb.ref('created_at')).end()).as('oldest_created_at'),
        eb.fn.max('last_used_at').as('last_used_at'),
      ]
    })
    .where('account_id', '=', owner.accountId)
    .where('client_id', 'in', clientIds)
    .groupBy('client_id')
    .execute()
  return new Map(
    rows.map((row) => [
      row.client_id,
      {
        alive: Number(row.alive),
        oldestCreatedAt: row.oldest_created_at === null ? null : Number(row.oldest_created_at),
        lastUsedAt: row.last_used_at === null ? null : Number(row.last_used_at),
      },
    ]),
  )
}

/** The clients of an account and environment that count towards its limit: those that are not deleted. */
export async function countClients(db: Database, owner: Owner): Promise<number> {
  const { count } = await db
    .selectFrom('client')
    .select((eb) => eb.fn.countAll().as('count'))
    .where('account_id', '=', owner.accountId)
    .where('environment', '=', owner.environment)
    .where('deleted_at', 'is', null)
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** True for an id that a client has or had: it is never given out again, since the trail and tokens name it. */
export async function wasClientId(db: Database, clientId: string): Promise<boolean> {
  const row = await db
    .selectFrom('audit')
    .select('seq')
    .where('object_kind', '=', 'client')
    .where('object_id', '=', clientId)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** True when this account deleted such a client. */
export async function wasDeleted(db: Database, owner: Owner, clientId: string): Promise<boolean> {
  const row = await db
    .selectFrom('audit')
    .select('seq')
    .where('object_kind', '=', 'client')
    .where('object_id', '=', clientId)
    .where('account_id', '=', owner.accountId)
    .where('environment', '=', owner.environment)
    .where('action', '=', 'client.deleted')
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Clients whose deletion cannot be undone any more, the first of them. */
export async function listErasable(
  db: Database,
  nowMs: number,
  limit: number,
): Promise<{ id: string; accountId: string; environment: Owner['environment'] }[]> {
  const rows = await db
    .selectFrom('client')
    .select(['id', 'account_id', 'environment'])
    .where('deleted_at', 'is not', null)
    .where('deleted_at', '<=', erasableSince(nowMs))
    .orderBy('deleted_at')
    .limit(limit)
    .execute()
  return rows.map((row) => ({ id: row.id, accountId: row.account_id, environment: row.environment }))
}

/** Erases a client with its secrets. @returns false when it came back meanwhile, or is gone. */
export async function eraseClient(db: Database, clientId: string, nowMs: number): Promise<boolean> {
  // Its row first: it is the lock, and a client that came back keeps its secrets.
  const erasable = await db
    .updateTable('client')
    .set((eb) => ({ version: eb('version', '+', 1) }))
    .where('id', '=', clientId)
    .where('deleted_at', '<=', erasableSince(nowMs))
    .returning('id')
    .executeTakeFirst()
  if (!erasable) return false
  await db.deleteFrom('client_secret').where('client_id', '=', clientId).execute()
  await db.deleteFrom('client').where('id', '=', clientId).execute()
  return true
}
