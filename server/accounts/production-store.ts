import type { Selectable } from 'kysely'
import type { Database, Tables } from '../database/tables.ts'

export type ProductionRequest = Selectable<Tables['production_request']>

export async function findProductionRequest(
  db: Database,
  accountId: string,
): Promise<ProductionRequest | undefined> {
  return db
    .selectFrom('production_request')
    .selectAll()
    .where('account_id', '=', accountId)
    .executeTakeFirst()
}

/** Takes the place of an earlier one that was decided. */
export async function putProductionRequest(
  tx: Database,
  request: Pick<ProductionRequest, 'account_id' | 'requested_by' | 'company' | 'purpose' | 'requested_at'>,
): Promise<void> {
  const row = { ...request, state: 'open' as const, decided_at: null, note: null }
  await tx
    .insertInto('production_request')
    .values(row)
    .onConflict((conflict) => conflict.column('account_id').doUpdateSet(row))
    .execute()
}

/** @returns false when there is no open one. */
export async function decideProductionRequest(
  tx: Database,
  accountId: string,
  decision: { state: 'approved' | 'declined'; note: string | null; nowMs: number },
): Promise<boolean> {
  const decided = await tx
    .updateTable('production_request')
    .set({ state: decision.state, note: decision.note, decided_at: decision.nowMs })
    .where('account_id', '=', accountId)
    .where('state', '=', 'open')
    .returning('account_id')
    .executeTakeFirst()
  return decided !== undefined
}

/** Oldest first: who waits longest comes first. With the names of accounts and of who asked. */
export async function listProductionRequests(db: Database, state: ProductionRequest['state'] | undefined) {
  let query = db
    .selectFrom('production_request')
    .innerJoin('account', 'account.id', 'production_request.account_id')
    .leftJoin('member', 'member.id', 'production_request.requested_by')
    .leftJoin('person', 'person.id', 'member.person_id')
    .selectAll('production_request')
    .select(['account.name as account_name', 'person.email as requester'])
    .orderBy('production_request.requested_at')
    .limit(200)
  if (state !== undefined) query = query.where('production_request.state', '=', state)
  return query.execute()
}
