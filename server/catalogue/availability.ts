// The one rule of which scopes an account may give its API clients.
import type { Environment } from '../vocabulary/environment.ts'
import type { StoredScope } from './store.ts'

/** What an account has that decides which scopes it may give its clients. */
export interface Entitlement {
  production: 'none' | 'approved'
  /** The scopes of access `granted` that an operator gave it. */
  grantedScopes: readonly string[]
}

/** Why an account may not give its clients a scope. */
export type UnavailableReason =
  | 'retired'
  | 'reserved'
  | 'not_granted'
  | 'production_not_approved'
  | 'deprecated'

export interface Unavailable {
  reason: UnavailableReason
  /** A sentence for people: why, and what to do. */
  detail: string
}

type Judged = Pick<StoredScope, 'name' | 'access' | 'retiredAt' | 'deprecationNote'>

/**
 * Why the clients of an account in an environment may not be given this scope; undefined: they may. Reserved scopes
 * are never available here: who may hand those on is a matter of permissions.
 */
export function findObstacle(
  scope: Judged,
  account: Entitlement,
  environment: Environment,
): Unavailable | undefined {
  if (scope.retiredAt !== null) return { reason: 'retired', detail: retiredText(scope) }
  if (scope.access === 'reserved') {
    const detail =
      scope.name === 'operator'
        ? 'An operator gives it, to production clients of the account that runs this service.'
        : 'An owner of the account gives it to a client; no token can.'
    return { reason: 'reserved', detail }
  }
  if (environment === 'production' && account.production !== 'approved') {
    return {
      reason: 'production_not_approved',
      detail: 'The account is not approved for production. Ask the operator of this service for approval.',
    }
  }
  if (scope.access === 'granted' && !account.grantedScopes.includes(scope.name)) {
    return {
      reason: 'not_granted',
      detail: 'The operator of this service gives this scope to single accounts. Ask for it.',
    }
  }
  return undefined
}

/** The same for a client that does not have it yet: a deprecated scope is for those that have it alone. */
export function findPickObstacle(
  scope: Judged & Pick<StoredScope, 'deprecatedAt'>,
  account: Entitlement,
  environment: Environment,
): Unavailable | undefined {
  const obstacle = findObstacle(scope, account, environment)
  if (obstacle || scope.deprecatedAt === null) return obstacle
  const note = scope.deprecationNote === null ? '' : ` ${scope.deprecationNote}`
  return {
    reason: 'deprecated',
    detail: `It is deprecated: clients that have it may keep it, none gets it any more.${note}`,
  }
}

/** What is said of a retired scope, with what to use instead. */
export function retiredText(scope: Pick<StoredScope, 'name' | 'deprecationNote'>): string {
  const note = scope.deprecationNote === null ? '' : ` ${scope.deprecationNote}`
  return `The scope ${scope.name} is retired: no token has it any more.${note}`
}
