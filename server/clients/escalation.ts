// Nobody may get at a token that says more than he may hand on: neither by a scope nor by a credential.
import { mayNot } from '../http/account-routes.ts'
import type { AccountCaller } from '../vocabulary/account-caller.ts'
import { isReservedScope, type Permission, type ReservedScope } from '../vocabulary/permission.ts'
import { Problem } from '../vocabulary/problem.ts'

/** The permission that gives a reserved scope to a client. */
const grantedBy: Record<ReservedScope, Permission> = {
  account_read: 'clients:grant_account',
  account_write: 'clients:grant_account',
  operator: 'clients:grant_operator',
}

/** Whether a caller may give a client this reserved scope. */
export function mayGrant(caller: AccountCaller, scope: ReservedScope): boolean {
  return caller.permissions.has(grantedBy[scope])
}

/** @throws {Problem} `permission_denied` when he may not give a client this reserved scope. */
export function refuseGrant(caller: AccountCaller, scope: ReservedScope): void {
  if (!mayGrant(caller, scope)) throw mayNot(grantedBy[scope])
}

/**
 * Who adds a secret, a key or a certificate to a client, or switches it on, can get its tokens: he must have its
 * reserved scopes himself, or be allowed to give them.
 * @throws {Problem} `permission_denied` otherwise.
 */
export function refuseEscalation(caller: AccountCaller, client: { scopes: readonly string[] }): void {
  const beyond = client.scopes
    .filter(isReservedScope)
    .filter((scope) => !caller.reservedScopes.includes(scope) && !mayGrant(caller, scope))
  if (beyond.length === 0) return
  throw new Problem(
    'permission_denied',
    `This client has ${beyond.join(' and ')}, which this caller neither has nor may give: he may not change how it authenticates, nor switch it on. Somebody who may give that scope has to do it.`,
  )
}
