// The one table of who may do what at the account API. It yields the check (http/account-routes.ts), the matrix of the
// tests, and the text in OpenAPI.

/** Scopes that open Latchkey's own operations. No API may define them; no ordinary client can pick them. */
export const reservedScopes = ['account_read', 'account_write', 'operator'] as const

export type ReservedScope = (typeof reservedScopes)[number]

export interface PermissionRule {
  /** The scope of a token that gives it; null: a token never does, only a person. */
  scope: ReservedScope | null
  /** What it allows, for the API reference. */
  allows: string
}

/** Each permission of the account API. */
export const permissions = {
  'clients:read': { scope: 'account_read', allows: 'read API clients, and what is known of their secrets' },
  'clients:write': {
    scope: 'account_write',
    allows: 'create, change and delete API clients and their secrets',
  },
  'catalogue:read': { scope: 'account_read', allows: 'read the APIs and scopes that there are' },
  'account:read': { scope: 'account_read', allows: 'read the account' },
  'activity:read': { scope: 'account_read', allows: 'read token requests and API calls of the account' },
  'audit:read': { scope: 'account_read', allows: 'read who changed what in the account' },
  'catalogue:write': { scope: 'operator', allows: 'register APIs, deprecate and retire scopes' },
  'accounts:read': { scope: 'operator', allows: 'read all accounts' },
  'accounts:write': { scope: 'operator', allows: 'approve accounts for production and give them scopes' },
  'deployment:read': { scope: 'operator', allows: 'read activity and audit of the whole deployment' },
  'clients:grant_account': { scope: null, allows: 'give a client account_read or account_write' },
  'clients:grant_operator': { scope: 'operator', allows: 'give a client of the operator account operator' },
} as const satisfies Record<string, PermissionRule>

export type Permission = keyof typeof permissions

export function isReservedScope(scope: string): scope is ReservedScope {
  return reservedScopes.some((reserved) => reserved === scope)
}

/** What a token with these scopes may do. */
export function permissionsOf(scopes: readonly string[]): ReadonlySet<Permission> {
  const names = Object.keys(permissions).filter((name): name is Permission => name in permissions)
  return new Set(
    names.filter((name) => {
      const { scope } = permissions[name]
      return scope !== null && scopes.includes(scope)
    }),
  )
}
