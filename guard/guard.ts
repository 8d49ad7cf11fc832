import type { AccessToken } from './access-token.ts'
import { type AuthorizationHeader, readToken } from './bearer.ts'
import { type Call, createConfirmationCheck } from './confirmation.ts'
import { GuardError, withToken } from './errors.ts'
import type { Following } from './follow.ts'
import type { GuardOptions } from './guard-options.ts'
import { createKnowledge } from './knowledge.ts'
import { createRefusals, type Refusals } from './refusals.ts'
import { rememberTokens } from './remembered.ts'
import { announceMetadata } from './resource-metadata.ts'
import { createVerify } from './verify.ts'

/** As long as published keys are kept: after that a token is checked again, in case its key was withdrawn. */
const rememberedSeconds = 300

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
  /** How old the knowledge of revocations is, for each environment that is followed (option `follow`): for a readiness check. */
  following: () => Partial<Record<AccessToken['environment'], Following>>
  /** Ends the reading of the feed. A guard that follows nothing has nothing to close. */
  close: () => void
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
  const jwksUri = options.jwksUri ?? `${issuer}/jwks`
  const knowledge = createKnowledge(options, { jwksUri, clockSkewSeconds, now })
  const verify = createVerify({
    issuer,
    audiences,
    findKey: options.findKey,
    jwksUri,
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
  const remembered = rememberTokens({
    limit: options.rememberedTokens ?? 10_000,
    limitSeconds: knowledge.cacheSeconds ?? rememberedSeconds,
    // What the authorization server said of a token is no word about the time after it.
    clockSkewSeconds: knowledge.cacheSeconds === undefined ? clockSkewSeconds : 0,
    now,
  })

  async function admit(text: string, words: Refusals): Promise<AccessToken> {
    const { generation } = remembered
    const token = await verify(text, words)
    return remembered.add(text, await knowledge.introspect(text, token, words), generation)
  }

  async function accept(authorization: AuthorizationHeader, requiredScope: string, call: Call | undefined) {
    const presented = readToken(authorization, refusals)
    const { scheme, text } = presented
    const words = scheme === 'DPoP' ? dpopRefusals : refusals
    const token = remembered.find(text) ?? (await admit(text, words))
    if (knowledge.follows) await knowledge.refuseRevoked(token, words)
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
    following: knowledge.following,
    close: knowledge.close,
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
