import { errors, type JWTPayload, jwtVerify } from 'jose'
import type { Now } from '../vocabulary/clock.ts'
import type { Environment } from '../vocabulary/environment.ts'
import type { SigningKeys } from './signing-keys.ts'

/** An access token that we signed, whatever became of it since. */
export interface OwnToken {
  id: string
  clientId: string
  environment: Environment
  audiences: readonly string[]
  scope: string
  /** Unix seconds. */
  issuedAt: number
  /** Unix seconds. */
  expiresAt: number
  expired: boolean
  confirmation: Record<string, string> | undefined
}

export type ReadOwnToken = (text: string) => Promise<OwnToken | undefined>

/**
 * Reads an access token that somebody shows us about it, not with it: for introspection and revocation.
 * @returns undefined for everything that is no access token of ours, a secret included.
 */
export function createOwnTokenReader(issuer: string, keys: SigningKeys, now: Now): ReadOwnToken {
  const keyOf = async (header: { kid?: string }) => {
    const key = header.kid === undefined ? undefined : keys.find(header.kid)
    if (!key) throw new errors.JWKSNoMatchingKey()
    return key
  }
  return async (text) => {
    try {
      // The skew is what guards allow, so that both say the same of a token.
      const options = {
        issuer,
        typ: 'at+jwt',
        algorithms: ['ES256', 'EdDSA', 'RS256'],
        clockTolerance: 30,
        currentDate: new Date(now()),
      }
      const { payload } = await jwtVerify(text, keyOf, options)
      return toOwnToken(payload, false)
    } catch (error) {
      if (error instanceof errors.JWTExpired) return toOwnToken(error.payload, true)
      if (error instanceof errors.JOSEError) return undefined
      throw error
    }
  }
}

function toOwnToken(payload: JWTPayload, expired: boolean): OwnToken | undefined {
  const { jti, iat, exp, aud, scope, environment, cnf } = payload
  const clientId = payload.client_id
  if (
    typeof jti !== 'string' ||
    typeof iat !== 'number' ||
    typeof exp !== 'number' ||
    typeof scope !== 'string'
  )
    return undefined
  if (typeof clientId !== 'string' || (environment !== 'test' && environment !== 'production'))
    return undefined
  return {
    id: jti,
    clientId,
    environment,
    audiences: [aud ?? []].flat(),
    scope,
    issuedAt: iat,
    expiresAt: exp,
    expired,
    confirmation: asStrings(cnf),
  }
}

function asStrings(value: unknown): Record<string, string> | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}
