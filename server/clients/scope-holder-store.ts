// Which clients have a scope: what the catalogue and the accounts ask before they take one away.
import { sql } from 'kysely'
import { recordChanges } from '../database/changes.ts'
import type { Database } from '../database/tables.ts'
import type { Environment } from '../vocabulary/environment.ts'

export interface ScopeHolders {
  clients: number
  accounts: number
}

/** How many clients have one of these scopes, deleted ones that may come back counted. */
export async function countScopeHolders(db: Database, scopes: readonly string[]): Promise<ScopeHolders> {
  if (scopes.length === 0) return { clients: 0, accounts: 0 }
  const { clients, accounts } = await db
    .selectFrom('client')
    .select((eb) => [eb.fn.countAll().as('clients'), eb.fn.count('account_id').distinct().as('accounts')])
    .where((eb) => eb.or(scopes.map(hasScope)))
    .executeTakeFirstOrThrow()
  return { clients: Number(clients), accounts: Number(accounts) }
}

/** The accounts whose clients have a scope. */
export async function listAccountsWithScope(db: Database, scope: string): Promise<string[]> {
  const rows = await db
    .selectFrom('client')
    .select('account_id')
    .distinct()
    .where(hasScope(scope))
    .orderBy('account_id')
    .execute()
  return rows.map((row) => row.account_id)
}

export interface ScopeRemoval {
  clientId: string
  environment: Environment
  before: readonly string[]
  after: readonly string[]
  version: number
}

/** Takes a scope from every client of an account: one statement for each set of scopes that they have. */
export async function removeScopeFromClients(
  tx: Database,
  accountId: string,
  scope: string,
  nowMs: number,
): Promise<ScopeRemoval[]> {
  const sets = await tx
    .selectFrom('client')
    .select('scopes')
    .distinct()
    .where('account_id', '=', accountId)
    .where(hasScope(scope))
    .execute()
  const removals: ScopeRemoval[] = []
  for (const { scopes } of sets) {
    const before: string[] = JSON.parse(scopes)
    const after = before.filter((name) => name !== scope)
    const changed = await tx
      .updateTable('client')
      .set((eb) => ({ scopes: JSON.stringify(after), version: eb('version', '+', 1), updated_at: nowMs }))
      .where('account_id', '=', accountId)
      .where('scopes', '=', scopes)
      .returning(['id', 'environment', 'version'])
      .execute()
    removals.push(
      ...changed.map(({ id, environment, version }) => ({
        clientId: id,
        environment,
        before,
        after,
        version,
      })),
    )
  }
  const clientIds = removals.map(({ clientId }) => clientId)
  await recordChanges(tx, 'client', clientIds, nowMs)
  return removals
}

/** Of these ids those that no client has. */
export async function findMissingClients(db: Database, clientIds: readonly string[]): Promise<string[]> {
  if (clientIds.length === 0) return []
  const rows = await db.selectFrom('client').select('id').where('id', 'in', clientIds).execute()
  const found = new Set(rows.map((row) => row.id))
  return clientIds.filter((id) => !found.has(id))
}

export interface ClientCounts {
  test: number
  production: number
}

/** How many clients these accounts have, deleted ones not counted. */
export async function countClientsOf(
  db: Database,
  accountIds: readonly string[],
): Promise<Map<string, ClientCounts>> {
  const counts = new Map(accountIds.map((id): [string, ClientCounts] => [id, { test: 0, production: 0 }]))
  if (accountIds.length === 0) return counts
  const rows = await db
    .selectFrom('client')
    .select((eb) => ['account_id', 'environment', eb.fn.countAll().as('count')])
    .where('account_id', 'in', accountIds)
    .where('deleted_at', 'is', null)
    .groupBy(['account_id', 'environment'])
    .execute()
  for (const row of rows) {
    const count = counts.get(row.account_id)
    if (count) count[row.environment] = Number(row.count)
  }
  return counts
}

/** In the JSON a scope stands between quotes, and no scope has one; `_` is a letter like others. */
function hasScope(scope: string) {
  const pattern = `%${JSON.stringify(scope).replaceAll(/[\\%_]/g, '\\$&')}%`
  return sql<boolean>`scopes like ${pattern} escape '\\'`
}
