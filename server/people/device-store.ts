import type { Database } from '../database/tables.ts'

/** Who asks for a sign-in without a browser: what a member sees before he decides. */
export interface DeviceRequest {
  address: string | null
  /** What the asker says it is. */
  userAgent: string | null
  requestedAt: number
  expiresAt: number
}

/** Notes from where a code was asked for. */
export async function noteAsker(
  db: Database,
  deviceDigest: string,
  asker: { address: string; userAgent: string | undefined; nowMs: number },
): Promise<void> {
  await db
    .updateTable('person_device_code')
    .set({
      ip_address: asker.address,
      user_agent: asker.userAgent?.slice(0, 200) ?? null,
      requested_at: asker.nowMs,
    })
    .where('device_code', '=', deviceDigest)
    .execute()
}

/** A code that this person has claimed, and that waits for his decision. */
export async function findWaiting(
  db: Database,
  userDigest: string,
  personId: string,
): Promise<DeviceRequest | undefined> {
  const row = await db
    .selectFrom('person_device_code')
    .select(['ip_address', 'user_agent', 'requested_at', 'expires_at'])
    .where('user_code', '=', userDigest)
    .where('person_id', '=', personId)
    .where('status', '=', 'pending')
    .where('expires_at', '>', new Date().toISOString())
    .executeTakeFirst()
  if (!row) return undefined
  const expiresAt = new Date(row.expires_at).getTime()
  const { ip_address: address, user_agent: userAgent } = row
  return { address, userAgent, requestedAt: row.requested_at ?? expiresAt, expiresAt }
}

/** Decides on a code once. @returns who had asked; undefined: it does not wait for this person. */
export async function decide(
  tx: Database,
  userDigest: string,
  decision: { personId: string; accountId: string; status: 'approved' | 'denied' },
): Promise<{ address: string | null; userAgent: string | null } | undefined> {
  const row = await tx
    .updateTable('person_device_code')
    .set({ status: decision.status, account_id: decision.accountId })
    .where('user_code', '=', userDigest)
    .where('person_id', '=', decision.personId)
    .where('status', '=', 'pending')
    .where('expires_at', '>', new Date().toISOString())
    .returning(['ip_address', 'user_agent'])
    .executeTakeFirst()
  return row && { address: row.ip_address, userAgent: row.user_agent }
}

/** The account that the approver of a code worked in. */
export async function findApprovedAccount(db: Database, deviceDigest: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('person_device_code')
    .select('account_id')
    .where('device_code', '=', deviceDigest)
    .where('status', '=', 'approved')
    .executeTakeFirst()
  return row?.account_id ?? undefined
}
