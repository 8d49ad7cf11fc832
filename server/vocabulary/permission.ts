// The one table of who may do what at the account API. It yields the check (http/account-routes.ts), the matrix of the
// tests, and the text in OpenAPI.

/** Scopes that open Latchkey's own operations. No API may define them; no ordinary client can pick them. */
export const reservedScopes = ['account_read', 'account_write', 'operator'] as const

export type ReservedScope = (typeof reservedScopes)[number]

/** What a member of an account is. Each may what those after it may. */
export const roles = ['owner', 'developer', 'viewer'] as const

export type Role = (typeof roles)[number]

export interface PermissionRule {
  /** The scope of a token that gives it; null: a token never does, only a person. */
  scope: ReservedScope | null
  /** The least role of a member that gives it. */
  role: Role
  /** True: only in the account of those who run this Latchkey. */
  operators?: true
  /** What it allows, for the API reference. */
  allows: string
}

/** Each permission of the account API. */
export const permissions = {
  'clients:read': {
    scope: 'account_read',
    role: 'viewer',
    allows: 'read API clients, and what is known of their secrets',
  },
  'clients:write': {
    scope: 'account_write',
    role: 'developer',
    allows: 'create, change and delete API clients and their secrets',
  },
  'catalogue:read': {
    scope: 'account_read',
    role: 'viewer',
    allows: 'read the APIs and scopes that there are',
  },
  'account:read': { scope: 'account_read', role: 'viewer', allows: 'read the account' },
  'activity:read': {
    scope: 'account_read',
    role: 'viewer',
    allows: 'read token requests and API calls of the account',
  },
  'audit:read': {
    scope: 'account_read',
    role: 'viewer',
    allows: 'read who changed what in the account',
  },
  'session:own': { scope: null, role: 'viewer', allows: 'manage the own sign-in' },
  'contents:read': {
    scope: null,
    role: 'viewer',
    allows: 'look at the documents, events and identifications of the account',
  },
  'members:read': { scope: null, role: 'viewer', allows: 'see who is a member of the account' },
  'members:write': {
    scope: null,
    role: 'owner',
    allows: 'invite members, change their roles and remove them',
  },
  'account:write': {
    scope: null,
    role: 'owner',
    allows: 'rename the account and ask for production',
  },
  'clients:try': {
    scope: null,
    role: 'developer',
    allows: 'try a call with a token of a test client',
  },
  'clients:grant_account': {
    scope: null,
    role: 'owner',
    allows: 'give a client account_read or account_write',
  },
  'catalogue:write': {
    scope: 'operator',
    role: 'developer',
    operators: true,
    allows: 'register APIs, deprecate and retire scopes',
  },
  'accounts:read': { scope: 'operator', role: 'viewer', operators: true, allows: 'read all accounts' },
  'accounts:write': {
    scope: 'operator',
    role: 'owner',
    operators: true,
    allows: 'approve accounts for production and give them scopes',
  },
  'deployment:read': {
    scope: 'operator',
    role: 'viewer',
    operators: true,
    allows: 'read activity, audit, keys and state of the whole deployment',
  },
  'deployment:write': {
    scope: 'operator',
    role: 'owner',
    operators: true,
    allows: 'rotate the signing keys',
  },
  'clients:grant_operator': {
    scope: 'operator',
    role: 'owner',
    operators: true,
    allows: 'give a client of the operator account operator',
  },
} as const satisfies Record<string, PermissionRule>

export type Permission = keyof typeof permissions

export function isReservedScope(scope: string): scope is ReservedScope {
  return reservedScopes.some((reserved) => reserved === scope)
}

const permissionNames = Object.keys(permissions).filter((name): name is Permission => name in permissions)

/** What a token with these scopes may do. */
export function permissionsOf(scopes: readonly string[]): ReadonlySet<Permission> {
  return new Set(
    permissionNames.filter((name) => {
      const { scope } = permissions[name]
      return scope !== null && scopes.includes(scope)
    }),
  )
}

/**
 * What a member may do.
 * @param operates whether the account is that of those who run this Latchkey, and he may act for them now.
 */
export function permissionsOfRole(role: Role, operates: boolean): ReadonlySet<Permission> {
  return new Set(
    permissionNames.filter((name) => {
      const rule: PermissionRule = permissions[name]
      return roles.indexOf(role) <= roles.indexOf(rule.role) && (operates || rule.operators !== true)
    }),
  )
}
