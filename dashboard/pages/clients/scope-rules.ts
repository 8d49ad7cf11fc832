// Which scopes can be ticked, and what is said of those that cannot.
import * as words from '../../words/index.ts'
import type { Scope } from './queries.ts'

export interface Granting {
  /** May give a client account_read or account_write. */
  account: boolean
  /** May give a client operator. */
  operator: boolean
}

/** Why it cannot be ticked; undefined: it can. One that the client has may be taken away and given back. */
export function findObstacle(scope: Scope, held: readonly string[], granting: Granting): string | undefined {
  if (held.includes(scope.name) || scope.available) return undefined
  if (scope.access === 'reserved' && scope.retiredAt === null) {
    if (scope.name === 'operator') return granting.operator ? undefined : scope.unavailable?.detail
    return granting.account ? undefined : words.scopes.reserved
  }
  return scope.unavailable?.detail ?? words.scopes.unavailable
}

export interface ScopeGroup {
  api: string
  name: string
  scopes: readonly Scope[]
}

/** By API; the operations of this service itself come last. */
export function groupScopes(scopes: readonly Scope[], search: string): ScopeGroup[] {
  const wish = search.trim().toLowerCase()
  const found = scopes.filter(({ name, description, apiName, endpoints }) =>
    [name, description, apiName, ...endpoints].some((text) => text.toLowerCase().includes(wish)),
  )
  const groups = Map.groupBy(found, ({ api }) => api)
  return [...groups]
    .map(([api, members]) => ({ api, name: members[0]?.apiName ?? api, scopes: members }))
    .sort(
      (one, other) =>
        Number(isReserved(one)) - Number(isReserved(other)) || one.name.localeCompare(other.name),
    )
}

function isReserved({ scopes }: ScopeGroup): boolean {
  return scopes.every(({ access }) => access === 'reserved')
}
