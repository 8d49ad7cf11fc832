// The catalogue as an account sees it.
import type { AccountCaller } from '../vocabulary/account-caller.ts'
import { isoTime, isoTimeOrNull } from '../vocabulary/clock.ts'
import type { Environment } from '../vocabulary/environment.ts'
import { type Entitlement, findPickObstacle } from './availability.ts'
import type { ApiAnswer, ScopeAnswer } from './schemas.ts'
import type { StoredApi, StoredScope } from './store.ts'

/** Who looks: what its account has, in which environment, and whether it is the operator. */
export interface Viewer {
  entitlement: Entitlement
  environment: Environment
  operates: boolean
}

/** Whether it may change the catalogue: then it sees whose clients introspect tokens, too. */
export function operates(caller: AccountCaller): boolean {
  return caller.permissions.has('catalogue:write')
}

export function presentScope(scope: StoredScope, viewer: Viewer): ScopeAnswer {
  const obstacle = findPickObstacle(scope, viewer.entitlement, viewer.environment)
  return {
    name: scope.name,
    description: scope.description,
    api: scope.apiId,
    apiName: scope.apiName,
    access: scope.access,
    endpoints: [...scope.endpoints],
    deprecatedAt: isoTimeOrNull(scope.deprecatedAt),
    deprecationNote: scope.deprecationNote,
    retiredAt: isoTimeOrNull(scope.retiredAt),
    available: obstacle === undefined,
    unavailable: obstacle ?? null,
  }
}

export function presentApi(api: StoredApi, scopes: readonly StoredScope[], viewer: Viewer): ApiAnswer {
  return { ...presentFacts(api, viewer), scopes: scopes.map((scope) => presentScope(scope, viewer)) }
}

export function presentFacts(api: StoredApi, viewer: Viewer): Omit<ApiAnswer, 'scopes'> {
  return {
    id: api.id,
    name: api.name,
    description: api.description,
    builtIn: api.builtIn,
    audiences: api.audiences,
    version: api.version,
    createdAt: isoTime(api.createdAt),
    ...(viewer.operates && { resourceServers: [...api.resourceServers] }),
  }
}
