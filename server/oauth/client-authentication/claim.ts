import type { Client } from '../../clients/client.ts'
import type { OAuthError } from '../../vocabulary/oauth-error.ts'

/** Who a refused caller claimed to be, and why that was not believed: for the owner of the client alone. */
export interface Claim {
  clientId: string
  /** Undefined: there is none with this id, or it was not looked for. */
  client: Client | undefined
  /** It was looked for, or may not be: a flood of wrong ids must not reach the database on this way either. */
  isSettled: boolean
  /** A promise where the database has to be asked: the answer does not wait for it. It never fails. */
  reason: string | Promise<string>
}

/** Beside the errors, not in them: what writes or prints an error never meets the reason. */
const claims = new WeakMap<OAuthError, Claim>()

/** @returns the error, for throwing on. */
export function withClaim(error: OAuthError, claim: Claim): OAuthError {
  claims.set(error, claim)
  return error
}

export function claimOf(error: OAuthError): Claim | undefined {
  return claims.get(error)
}
