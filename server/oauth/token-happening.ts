// What is kept of a token request, granted or refused: for the account of the client, never for the answer.
import { storageFailure } from '../database/failures.ts'
import { hostOf, userAgentOf } from '../http/request-facts.ts'
import type { HttpRequest } from '../http/server.ts'
import type { Happening } from '../vocabulary/activity-entry.ts'
import { OAuthError } from '../vocabulary/oauth-error.ts'
import { withoutCredentials } from '../vocabulary/without-credentials.ts'
import { type Claim, claimOf } from './client-authentication/claim.ts'
import { claimedClientId } from './client-authentication/index.ts'
import type { ClientAuthenticationMethod } from './client-authentication/method.ts'
import type { TokenRequest } from './token-request.ts'

/** @param claim whom a refused caller, who did not prove it, claimed to be. */
export type RecordTokenRequest = (happening: Happening, claim: Claim | undefined) => void

/** The entry of a request that nothing is known of yet, as one that is granted. */
export function beginTokenRequest(request: HttpRequest): Happening {
  return {
    id: request.id,
    kind: 'token_request',
    accountId: null,
    environment: null,
    clientId: null,
    secretId: null,
    scopes: '',
    requiredScope: null,
    operation: 'POST /oauth/connect/token',
    status: 200,
    error: null,
    reason: null,
    durationMs: 0,
    address: request.ip,
    userAgent: userAgentOf(request),
    host: hostOf(request),
  }
}

interface Refused {
  request: HttpRequest
  /** Undefined when the request could not be read. */
  tokenRequest: TokenRequest | undefined
  methods: readonly ClientAuthenticationMethod[]
}

/** Writes into the entry why nothing was granted. @returns whom the caller claimed to be, where he proved nothing. */
export function noteRefusal(entry: Happening, error: unknown, refused: Refused): Claim | undefined {
  const { request, tokenRequest, methods } = refused
  entry.scopes = withoutCredentials(tokenRequest?.parameters.get('scope') ?? '')
  if (!(error instanceof OAuthError)) {
    const away = storageFailure(error) === 'away'
    entry.status = away ? 503 : 500
    entry.error = away ? 'temporarily_unavailable' : 'server_error'
    entry.reason = 'The fault was not the request: something failed here.'
    return undefined
  }
  entry.status = error.status
  entry.error = error.code
  // What the answer itself says to a client that proved who it is names what it sent, as far as that is harmless.
  entry.reason = withoutCredentials(error.reason ?? error.message)
  if (entry.accountId !== null) return undefined
  return claimOf(error) ?? claimBeforeAuthentication(entry.reason, request, tokenRequest, methods)
}

/** A body that cannot be read is its sender's most frequent fault: he finds it, too. */
function claimBeforeAuthentication(
  reason: string,
  request: HttpRequest,
  tokenRequest: TokenRequest | undefined,
  methods: readonly ClientAuthenticationMethod[],
): Claim | undefined {
  const clientId = claimedClientId(tokenRequest ?? headersAlone(request), methods)
  return clientId === undefined ? undefined : { clientId, client: undefined, isSettled: false, reason }
}

function headersAlone({ headers, ip }: HttpRequest): TokenRequest {
  return {
    address: ip,
    authorization: headers.authorization,
    parameters: new Map(),
    resources: [],
    dpopProofs: [],
    certificate: undefined,
  }
}
