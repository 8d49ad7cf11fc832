import type { ReuseOptions } from '../activity/reuse-routes.ts'
import { activityRoutes } from '../activity/routes.ts'
import { findManagedClient } from '../clients/managed-store.ts'
import type { HttpServer } from '../http/server.ts'
import { mendSteps } from '../pages/docs/error-source.ts'
import { reuseExamples } from '../pages/docs/reuse-examples.ts'
import type { AccountApiOptions } from './account-routes.ts'

/** Reading activity, with what it has to know of clients, scopes and pages. */
export function activityOperations(options: AccountApiOptions): (server: HttpServer) => void {
  const { now, catalogue, publicUrl, deprecated } = options
  return activityRoutes({
    ...reuseFacts(options),
    now,
    publicUrl,
    deprecated,
    findMend: mendSteps,
    isScope: (name) => catalogue.find(name) !== undefined,
    codeChange: reuseExamples(publicUrl),
  })
}

/** What it takes to judge how clients reuse their tokens. */
export function reuseFacts({
  db,
  now,
  catalogue,
  activity: store,
}: Pick<AccountApiOptions, 'db' | 'now' | 'catalogue' | 'activity'>): Pick<
  ReuseOptions,
  'store' | 'findClient' | 'isCalledHere'
> {
  const isBuiltIn = (apiId: string) => catalogue.apis().some((api) => api.id === apiId && api.builtIn)
  return {
    store,
    findClient: (owner, clientId) => findManagedClient(db, owner, clientId, now()),
    isCalledHere(name) {
      const scope = catalogue.find(name)
      return scope === undefined || isBuiltIn(scope.apiId)
    },
  }
}
