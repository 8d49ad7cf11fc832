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

export async function findAccount(db: Database, accountId: string): Promise<Account | undefined> {
  const row = await db
    .selectFrom('account')
    .select(['id', 'name', 'production', 'operator'])
    .where('id', '=', accountId)
    .executeTakeFirst()
  return row && { ...row, operator: row.operator === 1 }
}

export async function putAccount(db: Database, account: Account, nowMs: number): Promise<void> {
  const { id, name, production } = account
  const known = await findAccount(db, id)
  const isSame =
    known?.name === name &&
    known.production === production &&
    (account.operator === undefined || account.operator === known.operator)
  if (isSame) return
  const operator = account.operator === undefined ? {} : { operator: account.operator ? 1 : 0 }
  await db
    .insertInto('account')
    .values({ id, name, production, ...operator, created_at: nowMs, updated_at: nowMs })
    .onConflict((conflict) =>
      conflict.column('id').doUpdateSet((eb) => ({
        name,
        production,
        ...operator,
        version: eb('account.version', '+', 1),
        updated_at: nowMs,
      })),
    )
    .execute()
}

export async function hasAccounts(db: Database): Promise<boolean> {
  return (await db.selectFrom('account').select('id').limit(1).executeTakeFirst()) !== undefined
}
