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
