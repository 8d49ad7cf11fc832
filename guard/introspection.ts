// Asks the authorization server about each token (RFC 7662), so that a revoked one is refused within seconds.
import { createRemoteJWKSet, errors, jwtVerify } from 'jose'
import type { AccessToken } from './access-token.ts'
import { type Ask, AuthorizationServerError } from './authorization-server.ts'
import { type Audiences, readClaims } from './claims.ts'
import type { Refusals } from './refusals.ts'

export interface IntrospectionOptions {
  /** Where to ask. Default: `<issuer>/connect/introspect`. */
  url?: string
  /** How long an answer is used again, in seconds, never past the token's expiry. Default: 5; 0: each call asks. */
  cacheSeconds?: number
  /** How long an answer may take, in milliseconds. Default: 3000. */
  timeoutMs?: number
  /** True: asks for a signed answer (RFC 9701) and verifies it by the issuer's published keys. Default: false. */
  signed?: boolean
}

interface IntrospectOptions {
  issuer: string
  jwksUri: string
  audiences: Audiences
  url: string
  signed: boolean
  cacheSeconds: number
  /** Who asks: one client of one environment. */
  clientId: string
  ask: Ask
  now: () => number
  onError: (error: Error) => void
}

/**
 * What the authorization server says now of a token that verifies.
 * @throws {GuardError} 401 when it is not active, 503 when nobody says so.
 */
export type Introspect = (text: string, token: AccessToken, refusals: Refusals) => Promise<AccessToken>

/** How many inactive tokens are remembered, for a few seconds each. */
const inactiveLimit = 10_000
/** After a failure nobody waits for the next one: so long it is a refusal at once. */
const pauseMs = 1000

export function createIntrospect(options: IntrospectOptions): Introspect {
  const { ask: send, clientId, url, now, signed, cacheSeconds, onError } = options
  const readSigned = createSignedReader(options)
  const flights = new Map<string, Promise<Record<string, unknown> | undefined>>()
  /** Tokens that are not active, with the time from when on they are asked about again. */
  const inactive = new Map<string, number>()
  let pausedUntil = 0
  let failing = false

  /** @returns the claims; undefined: not active. */
  async function ask(text: string) {
    if (now() < pausedUntil)
      throw new AuthorizationServerError('The authorization server did not answer a moment ago.')
    try {
      const accept = signed ? signedType : 'application/json'
      const body = await send(url, { form: { token: text, token_type_hint: 'access_token' }, accept })
      const answer = signed ? await readSigned(body, clientId) : asRecord(JSON.parse(body))
      if (typeof answer.active !== 'boolean') throw new AuthorizationServerError(unreadable)
      failing = false
      return answer.active ? answer : undefined
    } catch (error) {
      const failure =
        error instanceof AuthorizationServerError ? error : new AuthorizationServerError(unreadable)
      // A limit is on tokens that are not alive; others are still answered.
      if (failure.status === 429) throw failure
      pausedUntil =
        now() + (failure.retryAfterSeconds === undefined ? pauseMs : failure.retryAfterSeconds * 1000)
      // Once, not for each call of an outage.
      if (!failing) onError(failure)
      failing = true
      throw failure
    }
  }

  /** One flight per token, however many calls wait for it. */
  function askOnce(text: string) {
    const running = flights.get(text)
    if (running) return running
    const started = ask(text).finally(() => flights.delete(text))
    flights.set(text, started)
    return started
  }

  function noteInactive(text: string): void {
    if (cacheSeconds === 0) return
    for (const [oldest, until] of inactive) {
      if (until > now() && inactive.size < inactiveLimit) break
      inactive.delete(oldest)
    }
    inactive.set(text, now() + cacheSeconds * 1000)
  }

  return async (text, token, refusals) => {
    if ((inactive.get(text) ?? 0) > now()) throw refusals.revoked(token)
    const claims = await askOnce(text).catch((error: unknown) => {
      if (!(error instanceof AuthorizationServerError)) throw error
      throw refusals.unavailable(away, error.retryAfterSeconds ?? 2)
    })
    if (!claims) {
      noteInactive(text)
      throw refusals.revoked(token)
    }
    const said = readClaims(claims, options, refusals, now())
    // The answer is about this token, and not about one that was mixed up on the way.
    if (said.id !== token.id || said.issuer !== token.issuer || said.clientId !== token.clientId)
      throw refusals.unavailable(away, 2)
    return said
  }
}

const away = 'The authorization server cannot be asked about the token. Retry after the time in Retry-After.'
const unreadable = 'The authorization server gave an answer that cannot be read.'

/** RFC 9701 §5. */
const signedType = 'application/token-introspection+jwt'

function createSignedReader({ issuer, jwksUri, now }: IntrospectOptions) {
  const keys = createRemoteJWKSet(new URL(jwksUri), { timeoutDuration: 3000 })
  return async (body: string, clientId: string) => {
    const { payload } = await jwtVerify(body, keys, {
      // RFC 9701 §8.1: no other JWT of the issuer passes, an access token least of all.
      typ: 'token-introspection+jwt',
      issuer,
      audience: clientId,
      algorithms: ['ES256', 'EdDSA', 'RS256'],
      maxTokenAge: 120,
      clockTolerance: 60,
      currentDate: new Date(now()),
    }).catch((error: unknown) => {
      if (error instanceof errors.JOSEError) throw new AuthorizationServerError(unreadable)
      throw error
    })
    return asRecord(payload.token_introspection)
  }
}

function asRecord(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw new AuthorizationServerError(unreadable)
  return Object.fromEntries(Object.entries(value))
}
