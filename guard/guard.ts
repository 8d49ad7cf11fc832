import type { KeyObject } from 'node:crypto'
import type { AccessToken } from './access-token.ts'
import { type AuthorizationHeader, readBearer } from './bearer.ts'
import { createRefusals, type Refusals } from './refusals.ts'
import { rememberTokens } from './remembered.ts'
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
  /** Default: `['ES256']`. The token's header never chooses. */
  algorithms?: readonly string[]
  /** How far the clocks may differ, in seconds. Default: 30. */
  clockSkewSeconds?: number
  /** How many verified tokens are remembered until they expire. Default: 10,000. */
  rememberedTokens?: number
  /** The realm of the challenge. Default: the issuer's host. */
  realm?: string
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
   * @throws {GuardError} 401 without or with a bad token, 403 when the scope is missing, 400 for a broken request.
   */
  check: (authorization: AuthorizationHeader, requiredScope: string) => Promise<AccessToken>
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
  const refusals = createRefusals(options.realm ?? new URL(issuer).host, origin)
  const fixUrl = options.fixUrl ?? ((token, scope) => defaultFixUrl(origin, token, scope))
  const clockSkewSeconds = options.clockSkewSeconds ?? 30
  const verify = createVerify(
    {
      issuer,
      audiences,
      findKey: options.findKey,
      jwksUri: options.jwksUri ?? `${issuer}/jwks`,
      algorithms: options.algorithms ?? ['ES256'],
      clockSkewSeconds,
      now,
    },
    refusals,
  )
  const remembered = rememberTokens(options.rememberedTokens ?? 10_000, clockSkewSeconds, now)
  return {
    refusals,
    async check(authorization, requiredScope) {
      const text = readBearer(authorization, refusals)
      const token = remembered.find(text) ?? remembered.add(text, await verify(text))
      if (token.scopes.includes(requiredScope)) return token
      throw refusals.insufficientScope(requiredScope, token.scopes, fixUrl(token, requiredScope))
    },
  }
}

function defaultFixUrl(origin: string, token: AccessToken, scope: string): string {
  const client = encodeURIComponent(token.clientId)
  return `${origin}/${token.environment}/account/api-clients/${client}/edit?advanced=1&scope=${encodeURIComponent(scope)}#scopes`
}
