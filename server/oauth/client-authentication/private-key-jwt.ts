// Authentication by a signed assertion: RFC 7521 §4.2, RFC 7523 §2.2 and §3, RFC 10070.
import {
  decodeJwt,
  decodeProtectedHeader,
  errors,
  type JWTPayload,
  jwtVerify,
  type ProtectedHeaderParameters,
} from 'jose'
import type { Client } from '../../clients/client.ts'
import { assertionAlgorithms, type PublicKey, publicKeysOf } from '../../clients/public-keys.ts'
import type { Now } from '../../vocabulary/clock.ts'
import { OAuthError } from '../../vocabulary/oauth-error.ts'
import type { ClientAuthenticationMethod, Presented } from './method.ts'

export interface PrivateKeyJwtOptions {
  issuer: string
  /** The token endpoint at every host of ours: what clients of old name as audience. */
  tokenEndpoints: readonly string[]
  now: Now
  /** Takes an assertion out of circulation on every node. @returns false when it was used before. */
  useOnce: (clientId: string, id: string, expiresAtMs: number) => Promise<boolean>
  /** Called for an assertion that no key of the client verifies: its published keys may have changed. */
  onUnknownKey: (client: Client) => void
  /** Called when a client is let in with the audience of old. */
  onLegacyAudience: (client: Client) => void
}

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** How far the clocks may differ. */
const skewSeconds = 60
/** How far ahead `exp` may be: an assertion is made for one request. */
const lifetimeSeconds = 300
/** Without a `kid` so many keys are tried: enough while two are exchanged, and a bound on the work. */
const triedKeys = 4

/** `private_key_jwt` (OpenID Connect Core §9). */
export function privateKeyJwt(options: PrivateKeyJwtOptions): ClientAuthenticationMethod {
  return {
    names: ['private_key_jwt'],
    presented({ parameters }) {
      const assertion = parameters.get('client_assertion')
      if (assertion === undefined) return undefined
      // RFC 7521 §4.2: the type is required, and is this one for JWTs (RFC 7523 §2.2).
      if (parameters.get('client_assertion_type') !== assertionType) {
        throw new OAuthError(
          'invalid_request',
          `The client_assertion_type is missing or unknown. Send ${assertionType}.`,
        )
      }
      return present(assertion, parameters.get('client_id'), options)
    },
  }
}

function present(
  assertion: string,
  namedId: string | undefined,
  options: PrivateKeyJwtOptions,
): Presented | 'broken' {
  const token = decode(assertion)
  // RFC 7521 §4.2: a client_id must name the same client as the subject; the verification compares them.
  const clientId = namedId ?? token?.claims.sub
  if (!token || typeof clientId !== 'string') return 'broken'
  let why = 'The assertion does not hold.'
  return {
    clientId,
    async verify(client) {
      if (client?.disabledAt !== null) return undefined
      const fault = await findFault(assertion, token, client, options)
      if (fault === undefined) return {}
      why = fault
      return undefined
    },
    explain: () => why,
  }
}

/** What is wrong with an assertion, for the owner of the client; undefined: it holds, and is used up now. */
async function findFault(
  assertion: string,
  { header, claims }: Decoded,
  client: Client,
  options: PrivateKeyJwtOptions,
): Promise<string | undefined> {
  const { sub, jti, exp } = claims
  if (sub !== client.id) return 'The sub of the assertion is not the client.'
  if (typeof jti !== 'string' || jti === '') return 'The assertion has no jti.'
  if (typeof exp !== 'number') return 'The assertion has no exp.'
  const unsigned = await findSignatureFault(assertion, header, client, options)
  if (unsigned !== undefined) return unsigned
  const audience = readAudience(claims, client, options)
  if (!audience) return `The aud of the assertion is not exactly ${options.issuer} (RFC 10070).`
  if (!isTimely(claims, options.now()))
    return `The exp of the assertion is more than ${lifetimeSeconds} seconds ahead, or its iat is in the future. Check the clock.`
  // RFC 7523 §3, point 7: each assertion once, on all nodes, for as long as it could pass.
  if (!(await options.useOnce(client.id, jti, Math.ceil((exp + skewSeconds) * 1000))))
    return 'The assertion was used before. Make a new one, with a new jti, for each request.'
  if (audience === 'legacy') options.onLegacyAudience(client)
  return undefined
}

interface Decoded {
  header: ProtectedHeaderParameters
  claims: JWTPayload
}

function decode(assertion: string): Decoded | undefined {
  // RFC 7515 §3.1, strictly: what decoders forgive would make two texts of one assertion.
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(assertion)) return undefined
  try {
    return { header: decodeProtectedHeader(assertion), claims: decodeJwt(assertion) }
  } catch {
    return undefined
  }
}

/** RFC 10070: a signal that it is for this use; a type that is for another use is refused (RFC 8725 §3.11). */
function hasFittingType({ typ }: ProtectedHeaderParameters): boolean {
  return typ === undefined || /^(jwt|(application\/)?client-authentication\+jwt)$/i.test(String(typ))
}

async function findSignatureFault(
  assertion: string,
  header: ProtectedHeaderParameters,
  client: Client,
  options: PrivateKeyJwtOptions,
): Promise<string | undefined> {
  if (!hasFittingType(header)) return 'The typ of the assertion is one of another use (RFC 10070).'
  const algorithm = assertionAlgorithms.find((name) => name === header.alg)
  if (!algorithm) return `The alg of the assertion is none of ${assertionAlgorithms.join(', ')}.`
  const { kid } = header
  const { keys } = publicKeysOf(client, options.now())
  const candidates = keys
    .filter((key) => key.algorithms.includes(algorithm) && (kid === undefined || key.id === kid))
    .slice(0, triedKeys)
  for (const candidate of candidates) {
    const verdict = await judge(assertion, candidate, client, options.now())
    if (verdict === 'good') return undefined
    if (verdict !== 'another key') return verdict.fault
  }
  options.onUnknownKey(client)
  if (keys.length === 0) return 'The client has no public key that can be used.'
  if (candidates.length > 0)
    return "The signature is of none of the client's keys, or the assertion was changed."
  return `None of the client's ${keys.length} keys has the kid of the assertion and is for ${algorithm}.`
}

async function judge(
  assertion: string,
  { key, algorithms }: PublicKey,
  client: Client,
  nowMs: number,
): Promise<'good' | 'another key' | { fault: string }> {
  try {
    await jwtVerify(assertion, key, {
      algorithms: [...algorithms],
      // RFC 7523 §3, points 1 and 2: both are the client.
      issuer: client.id,
      subject: client.id,
      requiredClaims: ['aud', 'exp', 'jti'],
      clockTolerance: skewSeconds,
      currentDate: new Date(nowMs),
    })
    return 'good'
  } catch (error) {
    if (error instanceof errors.JWSSignatureVerificationFailed) return 'another key'
    if (error instanceof errors.JOSEError) return { fault: faultOf(error, nowMs) }
    throw error
  }
}

function faultOf(error: errors.JOSEError, nowMs: number): string {
  if (error instanceof errors.JWTExpired) {
    const seconds = Math.floor(nowMs / 1000 - (error.payload.exp ?? 0))
    return `The assertion expired ${seconds} seconds ago. Make a new one for each request, and check the clock.`
  }
  if (error instanceof errors.JWTClaimValidationFailed)
    return `The ${error.claim} of the assertion is missing or not what it must be.`
  return 'The assertion is malformed.'
}

/** RFC 10070: the issuer and nothing else, compared as a string; a list has one element. */
function readAudience(
  { aud }: JWTPayload,
  client: Client,
  { issuer, tokenEndpoints, now }: PrivateKeyJwtOptions,
): 'issuer' | 'legacy' | undefined {
  const audiences: unknown[] = Array.isArray(aud) ? aud : [aud]
  if (audiences.length === 1 && audiences[0] === issuer) return 'issuer'
  // Our choice: what clients of old send, for those that the owner allows it, until a date.
  const isOurs = (audience: unknown) => [issuer, ...tokenEndpoints].some((own) => own === audience)
  const isLegacy = audiences.length > 0 && audiences.every(isOurs)
  const until = client.legacyAudienceUntil
  return isLegacy && until !== null && now() < until ? 'legacy' : undefined
}

/** jose has compared `exp` and `nbf` with the clock; this is what it leaves open. */
function isTimely({ exp = Number.NaN, iat }: JWTPayload, nowMs: number): boolean {
  const seconds = nowMs / 1000
  return exp <= seconds + lifetimeSeconds + skewSeconds && (iat === undefined || iat <= seconds + skewSeconds)
}
