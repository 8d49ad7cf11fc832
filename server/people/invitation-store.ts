import type { Database } from '../database/tables.ts'
import type { Role } from '../vocabulary/permission.ts'

export interface Invitation {
  id: string
  accountId: string
  accountName: string
  email: string
  role: Role
  invitedBy: string
  createdAt: number
  expiresAt: number
}

/** How many may be open in an account at once, and how many it may send in a day: nobody's mail server is it. */
export const mostInvitations = 200

export async function insertInvitation(
  tx: Database,
  invitation: Omit<Invitation, 'accountName'>,
  tokenHash: string,
): Promise<void> {
  await tx
    .insertInto('invitation')
    .values({
      id: invitation.id,
      account_id: invitation.accountId,
      email: invitation.email,
      role: invitation.role,
      token_hash: tokenHash,
      invited_by: invitation.invitedBy,
      created_at: invitation.createdAt,
      expires_at: invitation.expiresAt,
    })
    .execute()
}

function open(db: Database, nowMs: number) {
  return db
    .selectFrom('invitation')
    .innerJoin('account', 'account.id', 'invitation.account_id')
    .select(['invitation.id', 'invitation.account_id', 'invitation.email', 'invitation.role'])
    .select(['invitation.invited_by', 'invitation.created_at', 'invitation.expires_at', 'account.name'])
    .where('invitation.accepted_at', 'is', null)
    .where('invitation.withdrawn_at', 'is', null)
    .where('invitation.expires_at', '>', nowMs)
}

/** The open ones of an account, newest first, with the name of who invited. */
export async function listInvitations(
  db: Database,
  accountId: string,
  nowMs: number,
): Promise<(Invitation & { invitedByName: string | null })[]> {
  const rows = await open(db, nowMs)
    .leftJoin('member', 'member.id', 'invitation.invited_by')
    .leftJoin('person', 'person.id', 'member.person_id')
    .select('person.name as inviter')
    .where('invitation.account_id', '=', accountId)
    .orderBy('invitation.created_at', 'desc')
    .orderBy('invitation.id', 'desc')
    .execute()
  return rows.map((row) => ({ ...read(row), invitedByName: row.inviter }))
}

export async function findInvitation(
  db: Database,
  tokenHash: string,
  nowMs: number,
): Promise<Invitation | undefined> {
  const row = await open(db, nowMs).where('invitation.token_hash', '=', tokenHash).executeTakeFirst()
  return row && read(row)
}

/** What an account has sent since then, whatever has become of it: how many, and when the first. */
export async function invitationsSince(
  tx: Database,
  accountId: string,
  sinceMs: number,
): Promise<{ count: number; firstAt: number }> {
  const row = await tx
    .selectFrom('invitation')
    .select((eb) => [eb.fn.countAll<number>().as('count'), eb.fn.min('created_at').as('first')])
    .where('account_id', '=', accountId)
    .where('created_at', '>', sinceMs)
    .executeTakeFirstOrThrow()
  return { count: Number(row.count), firstAt: Number(row.first ?? sinceMs) }
}

/** Those that ran out before: addresses of people who never came are not kept. */
export async function forgetInvitations(db: Database, beforeMs: number): Promise<void> {
  await db.deleteFrom('invitation').where('expires_at', '<', beforeMs).execute()
}

/** Ends open invitations of an account: one, or all to an address. @returns how many. */
export async function withdrawInvitations(
  tx: Database,
  accountId: string,
  which: { id: string } | { email: string },
  nowMs: number,
): Promise<number> {
  const query = tx
    .updateTable('invitation')
    .set({ withdrawn_at: nowMs })
    .where('account_id', '=', accountId)
    .where('accepted_at', 'is', null)
    .where('withdrawn_at', 'is', null)
    .where('expires_at', '>', nowMs)
  const narrowed = 'id' in which ? query.where('id', '=', which.id) : query.where('email', '=', which.email)
  return (await narrowed.returning('id').execute()).length
}

/** Uses an invitation up: of two who try at once, one has it. */
export async function acceptInvitation(tx: Database, invitationId: string, nowMs: number): Promise<boolean> {
  const accepted = await tx
    .updateTable('invitation')
    .set({ accepted_at: nowMs })
    .where('id', '=', invitationId)
    .where('accepted_at', 'is', null)
    .where('withdrawn_at', 'is', null)
    .where('expires_at', '>', nowMs)
    .returning('id')
    .executeTakeFirst()
  return accepted !== undefined
}

function read(row: {
  id: string
  account_id: string
  name: string
  email: string
  role: Role
  invited_by: string
  created_at: number
  expires_at: number
}): Invitation {
  return {
    id: row.id,
    accountId: row.account_id,
    accountName: row.name,
    email: row.email,
    role: row.role,
    invitedBy: row.invited_by,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  }
}
