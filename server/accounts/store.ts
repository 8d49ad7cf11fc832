import { sql } from 'kysely'
import type { Database } from '../database/tables.ts'

/** An organisation that uses the APIs. */
export interface Account {
  id: string
  name: string
  /** Whether it may have production clients. */
  production: 'none' | 'approved'
  /** True for the account of those who run this Latchkey; left out: as it is, at first no. */
  operator?: boolean
}

export interface StoredAccount extends Account {
  operator: boolean
  /** Counts its changes: what its ETag says. */
  version: number
  createdAt: number
}

export async function findAccount(db: Database, accountId: string): Promise<StoredAccount | undefined> {
  const row = await db
    .selectFrom('account')
    .select(['id', 'name', 'production', 'operator', 'version', 'created_at'])
    .where('id', '=', accountId)
    .executeTakeFirst()
  return row && readAccount(row)
}

export interface AccountListWish {
  /** A part of the name or id, in any letter case. */
  search?: string | undefined
  /** The id that the page before ended with. */
  afterId: string | undefined
  limit: number
}

/** In the order of their ids; one more than the page holds, if there are more. */
export async function listAccounts(db: Database, wish: AccountListWish): Promise<StoredAccount[]> {
  let query = db
    .selectFrom('account')
    .select(['id', 'name', 'production', 'operator', 'version', 'created_at'])
    .orderBy('id')
    .limit(wish.limit + 1)
  if (wish.afterId !== undefined) query = query.where('id', '>', wish.afterId)
  if (wish.search !== undefined) {
    // `%` and `_` are letters like others.
    const pattern = `%${wish.search.toLowerCase().replaceAll(/[\\%_]/g, '\\$&')}%`
    query = query.where(sql<boolean>`search_text like ${pattern} escape '\\'`)
  }
  return (await query.execute()).map(readAccount)
}

function readAccount(row: {
  id: string
  name: string
  production: 'none' | 'approved'
  operator: number
  version: number
  created_at: number
}): StoredAccount {
  const { id, name, production, version } = row
  return { id, name, production, operator: row.operator === 1, version, createdAt: row.created_at }
}

/** Brings an account to this state; one that is so already is not touched. */
export async function putAccount(db: Database, account: Account, nowMs: number): Promise<void> {
  const { id, name, production } = account
  const known = await findAccount(db, id)
  const isSame =
    known?.name === name &&
    known.production === production &&
    (account.operator === undefined || account.operator === known.operator)
  if (isSame) return
  const { operator = known?.operator ?? false } = account
  if (known) await updateAccount(db, id, { name, production, operator }, nowMs)
  else await insertAccount(db, { id, name, production, operator }, nowMs)
}

/** @returns false when there is one with this id. */
export async function insertAccount(
  tx: Database,
  account: Required<Account>,
  nowMs: number,
): Promise<boolean> {
  const inserted = await tx
    .insertInto('account')
    .values({
      id: account.id,
      name: account.name,
      production: account.production,
      operator: account.operator ? 1 : 0,
      search_text: searchText(account.id, account.name),
      created_at: nowMs,
      updated_at: nowMs,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst()
  return inserted !== undefined
}

/** @returns the new version. */
export async function updateAccount(
  tx: Database,
  accountId: string,
  facts: Partial<Pick<StoredAccount, 'name' | 'production' | 'operator'>>,
  nowMs: number,
): Promise<number> {
  const { operator, ...named } = facts
  const { version } = await tx
    .updateTable('account')
    .set((eb) => ({
      ...named,
      ...(named.name !== undefined && { search_text: searchText(accountId, named.name) }),
      ...(operator !== undefined && { operator: operator ? 1 : 0 }),
      version: eb('version', '+', 1),
      updated_at: nowMs,
    }))
    .where('id', '=', accountId)
    .returning('version')
    .executeTakeFirstOrThrow()
  return version
}

/**
 * Nobody else changes this account, or what it may have, until this transaction ends. Who gives a client of it
 * something that the account must be allowed to have calls it before he looks.
 * @returns false when there is no such account.
 */
export async function lockAccount(tx: Database, accountId: string): Promise<boolean> {
  const row = await tx
    .updateTable('account')
    .set((eb) => ({ version: eb.ref('version') }))
    .where('id', '=', accountId)
    .returning('id')
    .executeTakeFirst()
  return row !== undefined
}

export async function hasAccounts(db: Database): Promise<boolean> {
  return (await db.selectFrom('account').select('id').limit(1).executeTakeFirst()) !== undefined
}

/** Whether anybody operates this deployment by now. */
export async function hasOperators(db: Database): Promise<boolean> {
  const member = await db
    .selectFrom('member')
    .innerJoin('account', 'account.id', 'member.account_id')
    .select('member.id')
    .where('account.operator', '=', 1)
    .limit(1)
    .executeTakeFirst()
  return member !== undefined
}

/** A line end, which no name has, keeps a search from finding what begins in one and ends in the other. */
function searchText(id: string, name: string): string {
  return `${name.toLowerCase()}\n${id.toLowerCase()}`
}
