import type { Database } from '../database/tables.ts'

/** An organisation that uses the APIs. */
export interface Account {
  id: string
  name: string
  /** Whether it may have production clients. */
  production: 'none' | 'approved'
}

export async function findAccount(db: Database, accountId: string): Promise<Account | undefined> {
  return db
    .selectFrom('account')
    .select(['id', 'name', 'production'])
    .where('id', '=', accountId)
    .executeTakeFirst()
}

export async function putAccount(db: Database, account: Account, nowMs: number): Promise<void> {
  const { id, name, production } = account
  await db
    .insertInto('account')
    .values({ id, name, production, created_at: nowMs })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ name, production }))
    .execute()
}

export async function hasAccounts(db: Database): Promise<boolean> {
  return (await db.selectFrom('account').select('id').limit(1).executeTakeFirst()) !== undefined
}
