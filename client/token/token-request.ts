// One request for a token (RFC 6749 §4.4.2), tried again while the trouble passes.

import type { DpopKey } from '../calls/dpop.ts'
import { TokenRequestError } from '../errors.ts'
import type { Observe } from '../observation/measurement.ts'
import type { Runtime } from '../runtime.ts'
import type { Credential } from '../settings/credential.ts'
import type { Fetch } from '../settings/options.ts'
import { askedMs, isPassing, jitterMs, type RetryPolicy, retryPolicy } from './retry.ts'
import type { GrantedToken, Moment } from './token.ts'
import { readToken, refusal } from './token-answer.ts'

export interface TokenRequest {
  tokenEndpoint: string
  issuer: string
  clientId: string
  credential: Credential
  scopes: readonly string[]
  resource: string | undefined
  dpop: DpopKey | undefined
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
  observe: Observe,
  signal: AbortSignal,
  policy: RetryPolicy = retryPolicy,
): Promise<GrantedToken> {
  let deadline = runtime.monotonicNow() + policy.deadlineMs
  let askedForNonce = false
  for (let tries = 1; ; tries += 1) {
    const leftMs = Math.max(1, Math.ceil(deadline - runtime.monotonicNow()))
    observe({ name: 'token.requested', value: 1 })
    const outcome = await tryOnce(request, runtime, signal, leftMs)
    if ('value' in outcome) return outcome
    // RFC 9449 §8: the same again, with the nonce that the answer brought.
    if (request.dpop && !askedForNonce && outcome.error.error === 'use_dpop_nonce') {
      askedForNonce = true
      continue
    }
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
  const { tokenEndpoint, dpop } = request
  const requestedAt: Moment = { wallMs: runtime.now(), monotonicMs: runtime.monotonicNow() }
  const { init, hidden } = await writeRequest(request, requestedAt.wallMs)
  try {
    const limits = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
    const response = await request.fetch(tokenEndpoint, { ...init, signal: limits })
    dpop?.learn(tokenEndpoint, response.headers.get('dpop-nonce'))
    const text = await response.text()
    const token = response.ok ? readToken(text, requestedAt, dpop ? 'dpop' : 'bearer') : undefined
    if (token) return token
    return {
      error: refusal(response, text, hidden),
      passing: isPassing(response.status),
      retryAfter: response.headers.get('retry-after'),
    }
  } catch (error) {
    signal.throwIfAborted()
    return { error: unreachable(error, tokenEndpoint), passing: true, retryAfter: null }
  }
}

/** Written anew for each try: an assertion and a proof are good for one request. */
async function writeRequest(request: TokenRequest, nowMs: number) {
  const { tokenEndpoint, issuer, clientId, scopes, resource, dpop } = request
  const { headers, parameters, hidden } = await request.credential.prove({ clientId, issuer, nowMs })
  const body = new URLSearchParams({ grant_type: 'client_credentials', scope: scopes.join(' ') })
  // RFC 8707 §2.
  if (resource !== undefined) body.set('resource', resource)
  for (const [name, value] of Object.entries(parameters ?? {})) body.set(name, value)
  const init: RequestInit = {
    method: 'POST',
    headers: {
      accept: 'application/json',
      'content-type': 'application/x-www-form-urlencoded',
      ...headers,
      ...(dpop && { dpop: await dpop.prove({ method: 'POST', url: tokenEndpoint, nowMs }) }),
    },
    body: body.toString(),
    // A redirect is never followed: the credential is for this address alone.
    redirect: 'manual',
  }
  return { init, hidden }
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
