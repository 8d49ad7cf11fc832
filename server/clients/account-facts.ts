import { findEntitledAccount } from '../accounts/grant-store.ts'
import { lockAccount } from '../accounts/store.ts'
import type { Database } from '../database/tables.ts'
import type { Owner } from '../vocabulary/owner.ts'
import { Problem } from '../vocabulary/problem.ts'
import type { ScopeAccount } from './scope-rules.ts'

/**
 * What an account may give its clients, as it is now and until this transaction ends: who takes something of it away
 * waits, and then finds the client that got it.
 * @throws {Problem} `not_found` when the account is gone.
 */
export async function getScopeAccount(tx: Database, accountId: string): Promise<ScopeAccount> {
  await lockAccount(tx, accountId)
  const account = await findEntitledAccount(tx, accountId)
  if (!account) throw new Problem('not_found', 'This account does not exist any more.')
  return account
}

/** @throws {Problem} `permission_denied` for a production client of an account that is not approved. */
export function refuseProduction({ production }: ScopeAccount, { environment }: Owner): void {
  if (environment === 'test' || production === 'approved') return
  throw new Problem(
    'permission_denied',
    'The account is not approved for production. Ask the operator of this service for approval; test clients work as before.',
  )
}
