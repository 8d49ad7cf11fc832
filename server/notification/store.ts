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
  const rows = await query.execute()
  return rows.map((row) => ({
    id: row.id,
    type: row.type,
    data: JSON.parse(row.data),
    createdAt: row.created_at,
  }))
}
