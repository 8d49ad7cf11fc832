import type { Database } from '../database/tables.ts'
import type { PageRequest } from '../http/list.ts'
import type { Owner } from '../vocabulary/owner.ts'

export interface StoredEvent {
  id: string
  type: string
  data: Record<string, unknown>
  /** Milliseconds. */
  createdAt: number
}

/** Newest first, one more than the page holds. */
export async function listEvents(db: Database, owner: Owner, page: PageRequest): Promise<StoredEvent[]> {
  let query = db
    .selectFrom('event')
    .select(['id', 'type', 'data', 'created_at'])
    .where('account_id', '=', owner.accountId)
    .where('environment', '=', owner.environment)
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
  if (page.belowId !== undefined) query = query.where('id', '<', page.belowId)
  return (await query.execute()).map(toEvent)
}

export async function findEvent(
  db: Database,
  owner: Owner,
  eventId: string,
): Promise<StoredEvent | undefined> {
  const row = await db
    .selectFrom('event')
    .select(['id', 'type', 'data', 'created_at'])
    .where('id', '=', eventId)
    .where('account_id', '=', owner.accountId)
    .where('environment', '=', owner.environment)
    .executeTakeFirst()
  return row && toEvent(row)
}

function toEvent(row: { id: string; type: string; data: string; created_at: number }): StoredEvent {
  return { id: row.id, type: row.type, data: JSON.parse(row.data), createdAt: row.created_at }
}
