import type { Actor } from './actor.ts'
import type { Environment } from './environment.ts'
import type { Permission, Role } from './permission.ts'
import type { Person } from './person.ts'

/** Who calls the account API, however he proved it: one shape for a token and for a member's session. */
export interface AccountCaller {
  accountId: string
  /** The one environment that a token manages; undefined: both (a member). */
  environment: Environment | undefined
  actor: Actor
  permissions: ReadonlySet<Permission>
  /** True in the account of those who run this Latchkey. */
  isOperatorAccount: boolean
  /** The reserved scopes that it has itself: what it may hand on with a credential, see clients/. */
  reservedScopes: readonly string[]
  /** Set when a member calls by his session; left out for a token. */
  member?: { id: string; role: Role; person: Person; sessionId: string }
}
