import type { Database } from '../database/tables.ts'
import { isoTime } from '../vocabulary/clock.ts'

/** A session of a person, as he sees it. */
export interface OwnSession {
  id: string
  createdAt: string
  expiresAt: string
  address: string | null
  userAgent: string | null
}

/** Those that are alive, newest first. */
export async function listSessions(db: Database, personId: string): Promise<OwnSession[]> {
  const rows = await db
    .selectFrom('person_session')
    .select(['id', 'created_at', 'expires_at', 'ip_address', 'user_agent'])
    .where('person_id', '=', personId)
    .where('expires_at', '>', new Date().toISOString())
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .limit(100)
    .execute()
  return rows.map((row) => ({
    id: row.id,
    createdAt: isoTime(new Date(row.created_at).getTime()),
    expiresAt: isoTime(new Date(row.expires_at).getTime()),
    address: row.ip_address,
    userAgent: row.user_agent,
  }))
}

/** @returns false when the person has no such session. */
export async function endSession(tx: Database, personId: string, sessionId: string): Promise<boolean> {
  const ended = await tx
    .deleteFrom('person_session')
    .where('id', '=', sessionId)
    .where('person_id', '=', personId)
    .returning('id')
    .executeTakeFirst()
  return ended !== undefined
}

/** The account that a session works in from now on. */
export async function chooseAccount(tx: Database, sessionId: string, accountId: string): Promise<void> {
  await tx.updateTable('person_session').set({ account_id: accountId }).where('id', '=', sessionId).execute()
}
