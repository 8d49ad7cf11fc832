// The catalogue of a deployment: what is built in, what the routes unlock, and what it asks of other slices.
import { accountApi } from '../accounts/api.ts'
import { accountApprovalRoutes } from '../accounts/approval-routes.ts'
import { giveScope, takeScopesFromAll } from '../accounts/change.ts'
import { findEntitledAccount } from '../accounts/grant-store.ts'
import { accountOperatorRoutes } from '../accounts/operator-routes.ts'
import {
  ownProductionRoutes,
  type ProductionOptions,
  productionDecisionRoutes,
} from '../accounts/production-routes.ts'
import { type AccountReadOptions, ownAccountRoutes } from '../accounts/routes.ts'
import { type AccountWriteOptions, createAccountWriter } from '../accounts/write.ts'
import { apiWriteRoutes } from '../catalogue/api-routes.ts'
import { type Catalogue, openCatalogue } from '../catalogue/catalogue.ts'
import { putApi } from '../catalogue/put-api.ts'
import { catalogueReadRoutes } from '../catalogue/read-routes.ts'
import { scopeWriteRoutes } from '../catalogue/scope-routes.ts'
import { builtInApi, findScope, type StoredScope } from '../catalogue/store.ts'
import { type CatalogueWriteOptions, createCatalogueWriter, type OuterStep } from '../catalogue/write.ts'
import type { Client } from '../clients/client.ts'
import {
  countClientsOf,
  countScopeHolders,
  findMissingClients,
  listAccountsWithScope,
  removeScopeFromClients,
} from '../clients/scope-holder-store.ts'
import type { ChangeWatch } from '../database/changes.ts'
import type { Database } from '../database/tables.ts'
import type { HttpServer } from '../http/server.ts'
import type { DoOnce } from '../idempotency.ts'
import type { ApiDefinition } from '../vocabulary/api-definition.ts'
import type { NewId, Now } from '../vocabulary/clock.ts'

/** Brings the built-in APIs to the state of this program, and opens the catalogue. */
export async function openBuiltInCatalogue(
  db: Database,
  apis: readonly ApiDefinition[],
  publicUrl: string,
  now: Now,
): Promise<Catalogue> {
  for (const api of [...apis, accountApi]) await putApi(db, builtInApi(api, publicUrl), true, now())
  return openCatalogue(db)
}

/** Writes a line for each token with a scope that has a better one by now. */
export function logDeprecatedScopes(
  log: (facts: object, text: string) => void,
  now: Now,
): (client: Client, scope: StoredScope) => void {
  return (client, scope) => {
    // One that is announced only is no news for the log yet.
    if (scope.deprecatedAt === null || scope.deprecatedAt > now()) return
    log({ clientId: client.id, scope: scope.name }, 'a token was issued with a scope that is deprecated')
  }
}

interface RouteOptions extends AccountReadOptions {
  db: Database
  now: Now
  newId: NewId
  doOnce: DoOnce
  catalogue: Catalogue
  changes: Pick<ChangeWatch, 'waitForNodes'>
  checkProduction: ProductionOptions['checkProduction']
}

/** The operations on the catalogue, and those of the operator on accounts. */
export function catalogueAndAccountRoutes(options: RouteOptions): ((server: HttpServer) => void)[] {
  const catalogue: CatalogueWriteOptions = {
    ...options,
    findEntitlement: (accountId) => findEntitledAccount(options.db, accountId),
    countScopeHolders,
    findMissingClients,
    grantToHolders,
    forgetScopes: (step, scopes) => takeScopesFromAll(accountStep(step), scopes),
  }
  const accounts: AccountWriteOptions = {
    ...options,
    countClients: countClientsOf,
    findScope,
    removeScopeFromClients: async ({ tx, nowMs, noteAny }, accountId, scope) => {
      const removals = await removeScopeFromClients(tx, accountId, scope, nowMs)
      for (const { clientId, environment, before, after, version } of removals) {
        noteAny({
          accountId,
          environment,
          action: 'client.changed',
          object: { kind: 'client', id: clientId, version },
          before: { scopes: before },
          after: { scopes: after },
        })
      }
      return removals.length
    },
  }
  const catalogueWriter = createCatalogueWriter(catalogue)
  const accountWriter = createAccountWriter(accounts)
  return [
    catalogueReadRoutes(catalogue),
    apiWriteRoutes(catalogue, catalogueWriter),
    scopeWriteRoutes(catalogue, catalogueWriter),
    ownAccountRoutes({ ...options }, accountWriter),
    accountOperatorRoutes(accounts, accountWriter),
    accountApprovalRoutes(accounts, accountWriter),
    ownProductionRoutes({ ...accounts, checkProduction: options.checkProduction }, accountWriter),
    productionDecisionRoutes(accounts, accountWriter),
  ]
}

/** Gives a scope that only some may have from now on to the accounts whose clients have it. @returns how many. */
export async function grantToHolders(step: OuterStep, scope: string): Promise<number> {
  let count = 0
  for (const accountId of await listAccountsWithScope(step.tx, scope)) {
    if (await giveScope(accountStep(step), accountId, scope)) count += 1
  }
  return count
}

function accountStep({ tx, nowMs, note }: OuterStep) {
  return {
    tx,
    nowMs,
    note: (entry: Omit<Parameters<OuterStep['note']>[0], 'environment'>) =>
      note({ environment: null, ...entry }),
  }
}
