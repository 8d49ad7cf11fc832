// Which scopes an operator gave to accounts, beside those that everyone may have.
import type { Database } from '../database/tables.ts'
import { findAccount, type StoredAccount } from './store.ts'

/** What an account has that decides which scopes it may give its clients. */
export interface EntitledAccount extends StoredAccount {
  /** In the order of their names. */
  grantedScopes: readonly string[]
}

export async function findEntitledAccount(
  db: Database,
  accountId: string,
): Promise<EntitledAccount | undefined> {
  const account = await findAccount(db, accountId)
  return account && { ...account, grantedScopes: await listGrants(db, accountId) }
}

async function listGrants(db: Database, accountId: string): Promise<string[]> {
  return (await listGrantsOf(db, [accountId])).get(accountId) ?? []
}

export async function listGrantsOf(
  db: Database,
  accountIds: readonly string[],
): Promise<Map<string, string[]>> {
  const grants = new Map<string, string[]>()
  if (accountIds.length === 0) return grants
  const rows = await db
    .selectFrom('account_scope')
    .select(['account_id', 'scope'])
    .where('account_id', 'in', accountIds)
    .orderBy('scope')
    .execute()
  for (const row of rows) grants.set(row.account_id, [...(grants.get(row.account_id) ?? []), row.scope])
  return grants
}

/** @returns false when the account has it already. */
export async function insertGrant(
  tx: Database,
  accountId: string,
  scope: string,
  nowMs: number,
): Promise<boolean> {
  const inserted = await tx
    .insertInto('account_scope')
    .values({ account_id: accountId, scope, created_at: nowMs })
    .onConflict((conflict) => conflict.doNothing())
    .returning('scope')
    .executeTakeFirst()
  return inserted !== undefined
}

/** @returns false when the account does not have it. */
export async function deleteGrant(tx: Database, accountId: string, scope: string): Promise<boolean> {
  const deleted = await tx
    .deleteFrom('account_scope')
    .where('account_id', '=', accountId)
    .where('scope', '=', scope)
    .returning('scope')
    .executeTakeFirst()
  return deleted !== undefined
}

/** The accounts that have one of these scopes. */
export async function listGrantHolders(
  tx: Database,
  scopes: readonly string[],
): Promise<{ accountId: string; scope: string }[]> {
  if (scopes.length === 0) return []
  const rows = await tx
    .selectFrom('account_scope')
    .select(['account_id', 'scope'])
    .where('scope', 'in', scopes)
    .orderBy('account_id')
    .execute()
  return rows.map((row) => ({ accountId: row.account_id, scope: row.scope }))
}
