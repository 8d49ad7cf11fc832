// One request for a token (RFC 6749 §4.4.2), tried again while the trouble passes.

import { TokenRequestError } from '../errors.ts'
import type { Runtime } from '../runtime.ts'
import type { Secret } from '../settings/secret.ts'
import type { Fetch } from '../settings/settings.ts'
import { basicCredentials, formEncode } from '../text/form-encoding.ts'
import { askedMs, isPassing, jitterMs, type RetryPolicy, retryPolicy } from './retry.ts'
import type { GrantedToken, Moment } from './token.ts'
import { readToken, refusal } from './token-answer.ts'

export interface TokenRequest {
  tokenEndpoint: string
  clientId: string
  secret: Secret
  scopes: readonly string[]
  fetch: Fetch
}

/** How one try ended, when it did not bring a token. */
interface Failure {
  error: TokenRequestError
  passing: boolean
  retryAfter: string | null
}

/**
 * @param signal aborts when nobody waits for the token any more.
 * @throws {TokenRequestError} when the server refuses, or the trouble lasts longer than all tries.
 */
export async function requestToken(
  request: TokenRequest,
  runtime: Runtime,
  signal: AbortSignal,
  policy: RetryPolicy = retryPolicy,
): Promise<GrantedToken> {
  let deadline = runtime.monotonicNow() + policy.deadlineMs
  for (let tries = 1; ; tries += 1) {
    const leftMs = Math.max(1, Math.ceil(deadline - runtime.monotonicNow()))
    const outcome = await tryOnce(request, runtime, signal, leftMs)
    if ('value' in outcome) return outcome
    if (!outcome.passing || tries >= policy.tries) throw outcome.error
    const asked = askedMs(outcome.retryAfter, runtime.now(), policy.askedLimitMs)
    // The server knows better than our deadline how long it is away.
    if (asked !== undefined) deadline += asked
    const pauseMs = asked ?? jitterMs(tries, runtime.random(), policy)
    if (runtime.monotonicNow() + pauseMs >= deadline) throw outcome.error
    await runtime.sleep(pauseMs, signal)
  }
}

async function tryOnce(
  request: TokenRequest,
  runtime: Runtime,
  signal: AbortSignal,
  timeoutMs: number,
): Promise<GrantedToken | Failure> {
  const requestedAt: Moment = { wallMs: runtime.now(), monotonicMs: runtime.monotonicNow() }
  const secret = request.secret.reveal()
  const credentials = basicCredentials(request.clientId, secret)
  try {
    const response = await request.fetch(request.tokenEndpoint, {
      method: 'POST',
      headers: {
        accept: 'application/json',
        authorization: `Basic ${credentials}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        scope: request.scopes.join(' '),
      }).toString(),
      // A redirect is never followed: the credential is for this address alone.
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    })
    const text = await response.text()
    const token = response.ok ? readToken(text, requestedAt) : undefined
    if (token) return token
    return {
      error: refusal(response, text, [credentials, formEncode(secret), secret]),
      passing: isPassing(response.status),
      retryAfter: response.headers.get('retry-after'),
    }
  } catch (error) {
    signal.throwIfAborted()
    return { error: unreachable(error, request.tokenEndpoint), passing: true, retryAfter: null }
  }
}

/** Only the system's code of the error is kept: the rest may hold the request. */
function unreachable(error: unknown, tokenEndpoint: string): TokenRequestError {
  const timedOut = error instanceof DOMException && error.name === 'TimeoutError'
  const reason = timedOut ? 'it did not answer in time' : (codeOf(error) ?? 'no connection')
  return new TokenRequestError({
    description: `${tokenEndpoint} cannot be reached (${reason}). Is the server running, and is the url (LATCHKEY_URL) right?`,
  })
}

function codeOf(error: unknown): string | undefined {
  const cause = error instanceof Error ? error.cause : undefined
  for (const candidate of [error, cause]) {
    const code = candidate instanceof Error && 'code' in candidate ? candidate.code : undefined
    if (typeof code === 'string' && /^[A-Z0-9_]{2,40}$/.test(code)) return code
  }
  return undefined
}
