// What an operator changes of accounts: each step writes the row, notes what was before and after, counts the version.
import type { AuditEntry } from '../audit.ts'
import type { Database } from '../database/tables.ts'
import { deleteGrant, insertGrant, listGrantHolders } from './grant-store.ts'
import { insertAccount, type StoredAccount, updateAccount } from './store.ts'

/** A change of accounts that is under way. */
export interface AccountChange {
  tx: Database
  nowMs: number
  /** Notes what changed: it is written last in the transaction, see recordAudit. */
  note: (entry: Pick<AuditEntry, 'accountId' | 'action' | 'object' | 'before' | 'after'>) => void
}

/** @returns false when there is one with this id. */
export async function addAccount(
  change: AccountChange,
  account: Pick<StoredAccount, 'id' | 'name'> & Partial<Pick<StoredAccount, 'production' | 'operator'>>,
): Promise<boolean> {
  const { id, name, production = 'none', operator = false } = account
  if (!(await insertAccount(change.tx, { id, name, production, operator }, change.nowMs))) return false
  change.note({
    accountId: id,
    action: 'account.created',
    object: { kind: 'account', id, version: 1 },
    before: null,
    after: { name, production, operator },
  })
  return true
}

type AccountFacts = Pick<StoredAccount, 'name' | 'production' | 'operator'>

/** Changes what differs. @returns the version, a new one only when something does. */
export async function changeAccount(
  change: AccountChange,
  account: StoredAccount,
  wanted: Partial<AccountFacts>,
  action: 'account.changed' | 'account.production_approved' | 'account.production_withdrawn',
): Promise<number> {
  const before: Partial<AccountFacts> = {}
  const after: Partial<AccountFacts> = {}
  if (wanted.name !== undefined && wanted.name !== account.name) {
    before.name = account.name
    after.name = wanted.name
  }
  if (wanted.production !== undefined && wanted.production !== account.production) {
    before.production = account.production
    after.production = wanted.production
  }
  if (wanted.operator !== undefined && wanted.operator !== account.operator) {
    before.operator = account.operator
    after.operator = wanted.operator
  }
  if (Object.keys(after).length === 0) return account.version
  const version = await updateAccount(change.tx, account.id, after, change.nowMs)
  change.note({
    accountId: account.id,
    action,
    object: { kind: 'account', id: account.id, version },
    before: { ...before },
    after: { ...after },
  })
  return version
}

/** Gives an account a scope that only some may have. @returns false when it has it already. */
export async function giveScope(change: AccountChange, accountId: string, scope: string): Promise<boolean> {
  if (!(await insertGrant(change.tx, accountId, scope, change.nowMs))) return false
  const version = await updateAccount(change.tx, accountId, {}, change.nowMs)
  change.note({
    accountId,
    action: 'account.scope_granted',
    object: { kind: 'account', id: accountId, version },
    before: null,
    after: { scope },
  })
  return true
}

/** Takes it away again; its clients are the caller's to mend. @returns false when the account does not have it. */
export async function takeScope(change: AccountChange, accountId: string, scope: string): Promise<boolean> {
  if (!(await deleteGrant(change.tx, accountId, scope))) return false
  const version = await updateAccount(change.tx, accountId, {}, change.nowMs)
  change.note({
    accountId,
    action: 'account.scope_taken',
    object: { kind: 'account', id: accountId, version },
    before: { scope },
    after: null,
  })
  return true
}

/** Takes scopes that there are no more from every account. */
export async function takeScopesFromAll(change: AccountChange, scopes: readonly string[]): Promise<void> {
  for (const { accountId, scope } of await listGrantHolders(change.tx, scopes))
    await takeScope(change, accountId, scope)
}
