import type { Database } from '../database/tables.ts'
import { isoTime } from '../vocabulary/clock.ts'

/** A session of a person, as he sees it. */
export interface OwnSession {
  id: string
  createdAt: string
  /** To within five minutes. */
  lastUsedAt: string
  expiresAt: string
  address: string | null
  userAgent: string | null
}

/** Those that are alive, newest first. */
export async function listSessions(db: Database, personId: string): Promise<OwnSession[]> {
  const rows = await db
    .selectFrom('person_session')
    .select(['id', 'created_at', 'updated_at', 'expires_at', 'ip_address', 'user_agent'])
    .where('person_id', '=', personId)
    .where('expires_at', '>', new Date().toISOString())
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .limit(100)
    .execute()
  return rows.map((row) => ({
    id: row.id,
    createdAt: isoTime(new Date(row.created_at).getTime()),
    lastUsedAt: isoTime(new Date(row.updated_at).getTime()),
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

/** Ends the sessions of a person that work in none of these accounts. */
export async function endSessionsOutside(
  tx: Database,
  personId: string,
  accountIds: readonly string[],
): Promise<void> {
  let query = tx.deleteFrom('person_session').where('person_id', '=', personId)
  if (accountIds.length > 0)
    query = query.where((eb) => eb.or([eb('account_id', 'is', null), eb('account_id', 'not in', accountIds)]))
  await query.execute()
}

/** The account that a session works in from now on. */
export async function chooseAccount(tx: Database, sessionId: string, accountId: string): Promise<void> {
  await tx.updateTable('person_session').set({ account_id: accountId }).where('id', '=', sessionId).execute()
}

const noteUseEveryMs = 5 * 60_000

/** Notes that a session is in use, now and then. By better-auth's clock, which is the machine's. */
export async function noteUse(db: Database, session: { id: string; updatedAt: Date }): Promise<void> {
  if (Date.now() - session.updatedAt.getTime() < noteUseEveryMs) return
  const use = db
    .updateTable('person_session')
    .set({ updated_at: new Date().toISOString() })
    .where('id', '=', session.id)
    .execute()
  // A database that is full or only read still lets people look.
  await use.catch(() => undefined)
}

/** Sessions, and sign-ins that waited for their second factor, that nobody can use any more. */
export async function forgetEndedSessions(db: Database): Promise<void> {
  const now = new Date().toISOString()
  await db.deleteFrom('person_session').where('expires_at', '<', now).execute()
  await db.deleteFrom('person_verification').where('expires_at', '<', now).execute()
  await db.deleteFrom('person_device_code').where('expires_at', '<', now).execute()
}
