// The list of an account's clients, newest first: by the index client_by_birth.
import { sql } from 'kysely'
import type { Database } from '../database/tables.ts'
import type { Owner } from '../vocabulary/owner.ts'
import { erasableSince } from './deletion.ts'

export const clientStates = ['active', 'disabled', 'deleted'] as const

export type ClientState = (typeof clientStates)[number]

/** Where a page begins: below the client that the last one ended with. */
export interface Birth {
  createdAt: number
  id: string
}

export interface ClientListWish {
  /** A part of the name or id, in any letter case. */
  search?: string | undefined
  /** Left out: all that are not deleted. */
  state?: ClientState | undefined
  scope?: string | undefined
  below: Birth | undefined
  limit: number
}

export interface ListedClient extends Birth {
  name: string
  scopes: readonly string[]
  disabledAt: number | null
  deletedAt: number | null
}

/** One more than the page holds, if there are more. */
export async function listClients(
  db: Database,
  owner: Owner,
  wish: ClientListWish,
  nowMs: number,
): Promise<ListedClient[]> {
  const rows = await clientListQuery(db, owner, wish, nowMs).execute()
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    scopes: JSON.parse(row.scopes),
    createdAt: row.created_at,
    disabledAt: row.disabled_at,
    deletedAt: row.deleted_at,
  }))
}

/** The question itself: a test looks at how the database answers it. */
export function clientListQuery(db: Database, owner: Owner, wish: ClientListWish, nowMs: number) {
  let query = db
    .selectFrom('client')
    .select(['id', 'name', 'scopes', 'created_at', 'disabled_at', 'deleted_at'])
    .where('account_id', '=', owner.accountId)
    .where('environment', '=', owner.environment)
  if (wish.state === 'deleted') query = query.where('deleted_at', '>', erasableSince(nowMs))
  else query = query.where('deleted_at', 'is', null)
  if (wish.state === 'active') query = query.where('disabled_at', 'is', null)
  if (wish.state === 'disabled') query = query.where('disabled_at', 'is not', null)
  if (wish.search !== undefined) query = query.where(contains('search_text', wish.search.toLowerCase()))
  // In the JSON a scope stands between quotes, and no scope has one.
  if (wish.scope !== undefined) query = query.where(contains('scopes', JSON.stringify(wish.scope)))
  if (wish.below) {
    const { createdAt, id } = wish.below
    query = query.where(sql<boolean>`(created_at, id) < (${createdAt}, ${id})`)
  }
  return query
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(wish.limit + 1)
}

/** A part of a text; `%` and `_` are letters like others. */
function contains(column: 'search_text' | 'scopes', part: string) {
  const pattern = `%${part.replaceAll(/[\\%_]/g, '\\$&')}%`
  return sql<boolean>`${sql.ref(column)} like ${pattern} escape '\\'`
}
