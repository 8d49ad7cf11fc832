import type { KeyObject } from 'node:crypto'
import type { AccessToken } from './access-token.ts'
import { type AuthorizationHeader, readToken } from './bearer.ts'
import { type Call, createConfirmationCheck } from './confirmation.ts'
import type { DpopNonces } from './dpop-proof.ts'
import { GuardError, withToken } from './errors.ts'
import { createRefusals, type Refusals } from './refusals.ts'
import { rememberTokens } from './remembered.ts'
import { announceMetadata, type ResourceMetadata } from './resource-metadata.ts'
import { type Audiences, createVerify } from './verify.ts'

/** What a guard needs to know. */
export interface GuardOptions {
  /** The authorization server, exactly as its tokens name it, e.g. `https://api.example/oauth`. */
  issuer: string
  /**
   * The audience of this API: one for each environment it serves. A token of another environment is
   * refused, also where claim and audience disagree.
   */
  audiences: Audiences
  /** Where the issuer publishes its keys. Default: `<issuer>/jwks`. */
  jwksUri?: string
  /** Finds a public key by `kid`, instead of fetching the published ones. */
  findKey?: (keyId: string) => KeyObject | undefined | Promise<KeyObject | undefined>
  /** Default: `['ES256', 'EdDSA', 'RS256']`. The key decides which of them it is; the token's header never chooses. */
  algorithms?: readonly string[]
  /** How far the clocks may differ, in seconds. Default: 30. */
  clockSkewSeconds?: number
  /** How many verified tokens are remembered until they expire. Default: 10,000. */
  rememberedTokens?: number
  /** Makes DPoP proofs without one of these nonces fail (RFC 9449 §9). Default: no nonces. */
  dpopNonces?: DpopNonces
  /** How many DPoP proofs are remembered, a minute or two each, so that none opens two calls. Default: 100,000. */
  rememberedProofs?: number
  /** The realm of the challenge. Default: the issuer's host. */
  realm?: string
  /** Where this API describes itself (RFC 9728), for the challenge; the test address is told to test tokens only. */
  resourceMetadata?: ResourceMetadata
  /** Where a client's scopes are set, for the refusal of a missing scope. Default: the dashboard beside the issuer. */
  fixUrl?: (token: AccessToken, requiredScope: string) => string
  /** The clock in milliseconds. Default: `Date.now`. */
  now?: () => number
}

/** Protects an API with access tokens. */
export interface Guard {
  /**
   * Accepts or refuses a call.
   * @param authorization the `Authorization` header: its value, or all its values.
   * @param requiredScope the one scope that this call needs.
   * @param call what a token that is bound to a key or a certificate is checked against; without it such tokens are refused.
   * @throws {GuardError} 401 without or with a bad token, 403 when the scope is missing, 400 for a broken request.
   */
  check: (authorization: AuthorizationHeader, requiredScope: string, call?: Call) => Promise<AccessToken>
  /** Forgets which tokens it accepted before: after a key of `findKey` was withdrawn. */
  forget: () => void
  /** The refusals in this guard's words, for what only the API itself can find out. */
  refusals: Refusals
}

/**
 * Makes a guard: offline verification by the published keys (RFC 9068 §4), then the scope (RFC 6750 §3.1).
 *
 * @example
 * const guard = createGuard({ issuer: 'https://api.example/oauth', audiences: { production: 'https://orders.example' } })
 * const token = await guard.check(request.headers.authorization, 'orders_read')
 */
export function createGuard(options: GuardOptions): Guard {
  const { issuer, audiences, now = Date.now } = options
  const origin = new URL(issuer).origin
  const realm = options.realm ?? new URL(issuer).host
  const refusals = createRefusals(realm, origin)
  const dpopRefusals = createRefusals(realm, origin, 'DPoP')
  const fixUrl = options.fixUrl ?? ((token, scope) => defaultFixUrl(origin, token, scope))
  const clockSkewSeconds = options.clockSkewSeconds ?? 30
  const verify = createVerify({
    issuer,
    audiences,
    findKey: options.findKey,
    jwksUri: options.jwksUri ?? `${issuer}/jwks`,
    algorithms: options.algorithms ?? ['ES256', 'EdDSA', 'RS256'],
    clockSkewSeconds,
    now,
  })
  const checkConfirmation = createConfirmationCheck({
    nonces: options.dpopNonces,
    rememberedProofs: options.rememberedProofs ?? 100_000,
    now,
    dpopRefusals,
  })
  const remembered = rememberTokens(options.rememberedTokens ?? 10_000, clockSkewSeconds, now)

  async function accept(authorization: AuthorizationHeader, requiredScope: string, call: Call | undefined) {
    const presented = readToken(authorization, refusals)
    const { scheme, text } = presented
    const words = scheme === 'DPoP' ? dpopRefusals : refusals
    const { generation } = remembered
    const token = remembered.find(text) ?? remembered.add(text, await verify(text, words), generation)
    if (token.confirmation || scheme === 'DPoP') {
      await checkConfirmation(token, presented, call, words).catch((error: unknown) => {
        throw error instanceof GuardError ? withToken(error, token) : error
      })
    }
    if (token.scopes.includes(requiredScope)) return token
    const refusal = words.insufficientScope(requiredScope, token.scopes, fixUrl(token, requiredScope))
    throw withToken(refusal, token)
  }

  return {
    refusals,
    forget: remembered.clear,
    async check(authorization, requiredScope, call) {
      return accept(authorization, requiredScope, call).catch((error: unknown) => {
        throw announceMetadata(error, authorization, options.resourceMetadata)
      })
    },
  }
}

function defaultFixUrl(origin: string, token: AccessToken, scope: string): string {
  const client = encodeURIComponent(token.clientId)
  return `${origin}/${token.environment}/account/api-clients/${client}/edit?advanced=1&scope=${encodeURIComponent(scope)}#scopes`
}
