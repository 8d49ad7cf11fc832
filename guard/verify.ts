// Verifies an access token offline by the published keys: RFC 9068 §4, RFC 7519, RFC 8725.
import type { KeyObject } from 'node:crypto'
import { errors, type FlattenedJWSInput, type JWTHeaderParameters, jwtVerify } from 'jose'
import type { AccessToken } from './access-token.ts'
import { explainLookalike } from './bearer.ts'
import { type Audiences, readClaims } from './claims.ts'
import { GuardError, withToken } from './errors.ts'
import { algorithmOf } from './key-algorithm.ts'
import { KeysUnavailable, publishedKeys } from './published-keys.ts'
import type { Refusals } from './refusals.ts'

export interface VerifyOptions {
  issuer: string
  audiences: Audiences
  /** The public key of a `kid`, where the keys are at hand; otherwise they are fetched from `jwksUri`. */
  findKey?: ((keyId: string) => KeyObject | undefined | Promise<KeyObject | undefined>) | undefined
  jwksUri: string
  algorithms: readonly string[]
  clockSkewSeconds: number
  now: () => number
}

/** @param refusals in the words of the scheme that the token came by. */
export type Verify = (text: string, refusals: Refusals) => Promise<AccessToken>

export function createVerify(options: VerifyOptions): Verify {
  const keyOf = keysWithoutHeaders(
    options.findKey ? localKeys(options.findKey, options.algorithms) : publishedKeys(options.jwksUri),
  )
  return async (text, refusals) => {
    const nowMs = options.now()
    try {
      const { payload } = await jwtVerify(text, keyOf, {
        algorithms: [...options.algorithms],
        issuer: options.issuer,
        // RFC 9068 §2.1; jose also takes application/at+jwt, as RFC 7515 §4.1.9 says.
        typ: 'at+jwt',
        clockTolerance: options.clockSkewSeconds,
        currentDate: new Date(nowMs),
        requiredClaims: ['iss', 'exp', 'aud', 'sub', 'client_id', 'iat', 'jti', 'scope', 'environment'],
      })
      return readClaims(payload, options, refusals, nowMs)
    } catch (error) {
      if (error instanceof KeysUnavailable) throw refusals.unavailable(keysAway, 30)
      if (!(error instanceof errors.JOSEError)) throw error
      const refusal = refusals.invalidToken(explain(error, text, options, nowMs))
      throw withToken(refusal, ownerOf(error, options, refusals, nowMs))
    }
  }
}

const keysAway =
  'The keys of the authorization server cannot be fetched, so the token cannot be checked. Retry after the time in Retry-After.'

type GetKey = (header: JWTHeaderParameters, token: FlattenedJWSInput) => Promise<KeyObject | CryptoKey>

/** Base64url without padding and without spare bits. */
const canonicalBase64url = /^(?:[\w-]{4})*(?:[\w-][AQgw]|[\w-]{2}[AEIMQUYcgkosw048])?$/

/**
 * Members by which a token would bring its own key (RFC 8725 §3.10) or change how it is read (RFC 7797, RFC 7519 §5.2,
 * RFC 7516): no access token has them, and none of them is understood here.
 */
const foreignHeaders = ['jwk', 'jku', 'x5u', 'x5c', 'crit', 'b64', 'cty', 'zip', 'enc']

function keysWithoutHeaders(getKey: GetKey): GetKey {
  return async (header, token) => {
    if (foreignHeaders.some((name) => name in header))
      throw new errors.JWSInvalid('The token has a header that access tokens do not have.')
    // RFC 4648 §3.5: one signature has one spelling, so that one token has one.
    if (!canonicalBase64url.test(token.signature))
      throw new errors.JWSInvalid('The signature is not written as it must be.')
    return getKey(header, token)
  }
}

function localKeys(findKey: NonNullable<VerifyOptions['findKey']>, algorithms: readonly string[]): GetKey {
  return async (header) => {
    const key = typeof header.kid === 'string' ? await findKey(header.kid) : undefined
    if (!key || algorithmOf(key, algorithms) !== header.alg) throw new errors.JWKSNoMatchingKey()
    return key
  }
}

/** The claims of a token that was good until it expired: jose looks at signature, type and issuer first. */
function ownerOf(
  error: errors.JOSEError,
  options: VerifyOptions,
  refusals: Refusals,
  nowMs: number,
): AccessToken | undefined {
  if (!(error instanceof errors.JWTExpired)) return undefined
  try {
    return readClaims(error.payload, options, refusals, nowMs)
  } catch (otherFault) {
    if (otherFault instanceof GuardError) return undefined
    throw otherFault
  }
}

function explain(error: errors.JOSEError, text: string, options: VerifyOptions, nowMs: number): string {
  if (error instanceof errors.JWTExpired && typeof error.payload.exp === 'number') {
    const seconds = Math.max(1, Math.floor(nowMs / 1000 - error.payload.exp))
    return `The token expired ${seconds} seconds ago. Request a new one and reuse it until shortly before expires_in runs out.`
  }
  const lookalike = explainLookalike(text)
  if (lookalike) return lookalike
  if (error instanceof errors.JWTClaimValidationFailed && error.claim === 'iss') {
    return `The token comes from another issuer than ${options.issuer}. Request one at /oauth/connect/token.`
  }
  return 'The token is not one that this API accepts: malformed, changed or signed by an unknown key. Request a new one.'
}
