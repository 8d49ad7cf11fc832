import type { AccountChange } from '../accounts/change.ts'
import type { Database } from '../database/tables.ts'
import type { Role } from '../vocabulary/permission.ts'

/** What a person is in an account. */
export interface Membership {
  memberId: string
  accountId: string
  accountName: string
  role: Role
  /** Whether it is the account of those who run this Latchkey. */
  operator: boolean
}

/**
 * The membership that a person works with.
 * @param accountId the account that he chose; null, or one that he left: his oldest.
 */
export async function findMembership(
  db: Database,
  personId: string,
  accountId: string | null,
): Promise<Membership | undefined> {
  const memberships = await listMemberships(db, personId)
  return memberships.find((membership) => membership.accountId === accountId) ?? memberships[0]
}

/** Oldest first. */
export async function listMemberships(db: Database, personId: string): Promise<Membership[]> {
  const rows = await db
    .selectFrom('member')
    .innerJoin('account', 'account.id', 'member.account_id')
    .select(['member.id', 'member.account_id', 'member.role', 'account.name', 'account.operator'])
    .where('member.person_id', '=', personId)
    .orderBy('member.created_at')
    .orderBy('member.id')
    .execute()
  return rows.map((row) => ({
    memberId: row.id,
    accountId: row.account_id,
    accountName: row.name,
    role: row.role,
    operator: row.operator === 1,
  }))
}

/** Makes a person a member. @returns false when he is one already. */
export async function insertMember(
  change: AccountChange,
  member: { id: string; accountId: string; personId: string; role: Role },
): Promise<boolean> {
  const { id, accountId, personId, role } = member
  const inserted = await change.tx
    .insertInto('member')
    .values({ id, account_id: accountId, person_id: personId, role, created_at: change.nowMs })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!inserted) return false
  change.note({
    accountId,
    action: 'member.joined',
    object: { kind: 'member', id, version: 1 },
    before: null,
    after: { role },
  })
  return true
}

/** A member as his account sees him. */
export interface MemberRow {
  id: string
  personId: string
  name: string
  email: string
  emailConfirmed: boolean
  role: Role
  twoFactor: boolean
  createdAt: number
  version: number
}

/** The members of an account, oldest first. */
export async function listMembers(db: Database, accountId: string, memberId?: string): Promise<MemberRow[]> {
  let query = db
    .selectFrom('member')
    .innerJoin('person', 'person.id', 'member.person_id')
    .select(['member.id', 'member.person_id', 'member.role', 'member.version', 'member.created_at'])
    .select(['person.name', 'person.email', 'person.claimed_email', 'person.email_verified'])
    .select('person.two_factor_enabled')
    .where('member.account_id', '=', accountId)
    .orderBy('member.created_at')
    .orderBy('member.id')
  if (memberId !== undefined) query = query.where('member.id', '=', memberId)
  const rows = await query.execute()
  return rows.map((row) => ({
    id: row.id,
    personId: row.person_id,
    name: row.name,
    email: row.claimed_email ?? row.email,
    emailConfirmed: Boolean(row.email_verified),
    role: row.role,
    twoFactor: Boolean(row.two_factor_enabled),
    createdAt: row.created_at,
    version: row.version,
  }))
}

/** How many owners an account has. */
export async function countOwners(tx: Database, accountId: string): Promise<number> {
  const { count } = await tx
    .selectFrom('member')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('account_id', '=', accountId)
    .where('role', '=', 'owner')
    .executeTakeFirstOrThrow()
  return Number(count)
}

/** @returns the new version. */
export async function updateRole(tx: Database, memberId: string, role: Role): Promise<number> {
  const { version } = await tx
    .updateTable('member')
    .set((eb) => ({ role, version: eb('version', '+', 1) }))
    .where('id', '=', memberId)
    .returning('version')
    .executeTakeFirstOrThrow()
  return version
}

export async function deleteMember(tx: Database, memberId: string): Promise<void> {
  await tx.deleteFrom('member').where('id', '=', memberId).execute()
}
