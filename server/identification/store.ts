import type { Database, Tables } from '../database/tables.ts'
import type { PageRequest } from '../http/list.ts'
import type { Owner } from '../vocabulary/owner.ts'
import { type Session, statusAt } from './session.ts'

export async function insertSession(
  db: Database,
  owner: Owner,
  clientId: string,
  session: Session,
): Promise<void> {
  await db
    .insertInto('identification_session')
    .values({
      id: session.id,
      account_id: owner.accountId,
      environment: owner.environment,
      client_id: clientId,
      status: 'created',
      expires_at: session.expiresAt,
      created_at: session.createdAt,
    })
    .execute()
}

export async function findSession(
  db: Database,
  owner: Owner,
  sessionId: string,
  nowMs: number,
): Promise<Session | undefined> {
  const row = await db
    .selectFrom('identification_session')
    .selectAll()
    .where('id', '=', sessionId)
    .where('account_id', '=', owner.accountId)
    .where('environment', '=', owner.environment)
    .executeTakeFirst()
  return row && toSession(row, nowMs)
}

/** Newest first, one more than the page holds. */
export async function listSessions(
  db: Database,
  owner: Owner,
  page: PageRequest,
  nowMs: number,
): Promise<Session[]> {
  let query = db
    .selectFrom('identification_session')
    .selectAll()
    .where('account_id', '=', owner.accountId)
    .where('environment', '=', owner.environment)
    .orderBy('id', 'desc')
    .limit(page.limit + 1)
  if (page.belowId !== undefined) query = query.where('id', '<', page.belowId)
  return (await query.execute()).map((row) => toSession(row, nowMs))
}

function toSession(row: Tables['identification_session'], nowMs: number): Session {
  return {
    id: row.id,
    status: statusAt(row.expires_at, nowMs),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  }
}
