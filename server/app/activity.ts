import { activityRoutes } from '../activity/routes.ts'
import { findManagedClient } from '../clients/managed-store.ts'
import type { HttpServer } from '../http/server.ts'
import { errorText } from '../pages/error-texts.ts'
import { withoutSdk, withSdk } from '../pages/reuse.ts'
import type { AccountApiOptions } from './account-routes.ts'

/** Reading activity, with what it has to know of clients, scopes and pages. */
export function activityOperations(options: AccountApiOptions): (server: HttpServer) => void {
  const { db, now, catalogue, activity: store, publicUrl, deprecated } = options
  const isBuiltIn = (apiId: string) => catalogue.apis().some((api) => api.id === apiId && api.builtIn)
  return activityRoutes({
    store,
    now,
    publicUrl,
    deprecated,
    findClient: (owner, clientId) => findManagedClient(db, owner, clientId, now()),
    findMend: (code) => errorText(code)?.mend,
    isScope: (name) => catalogue.find(name) !== undefined,
    isCalledHere: (name) => {
      const scope = catalogue.find(name)
      return scope === undefined || isBuiltIn(scope.apiId)
    },
    codeChange: { sdk: withSdk(publicUrl), fetch: withoutSdk },
  })
}
