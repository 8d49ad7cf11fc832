import { type Authorize, createAuthorize } from './calls/authorization.ts'
import { createFetch } from './calls/fetch.ts'
import { refusalOf } from './calls/refusal.ts'
import type { InsufficientScopeError, TokenRefusedError } from './errors.ts'
import type { TokenStats } from './observation/tally.ts'
import { type Runtime, systemRuntime } from './runtime.ts'
import type { ClientOptions, Fetch } from './settings/options.ts'
import { withProfile } from './settings/profile.ts'
import { readSettings } from './settings/settings.ts'
import { createTokenSource } from './token/token-source.ts'

/** What `createClient` returns. Its functions need no `this`: they may be passed on alone. */
export interface Latchkey {
  /**
   * Calls an API with the access token (RFC 6750 §2.1), in the shape of the global `fetch`.
   *
   * It resolves for every HTTP answer, as the global `fetch` does, so that code written for that one works
   * unchanged: 401 and 403 are answers too. `errorFrom` makes a typed error of them, `throwOnRefusal` throws it.
   * An `Authorization` header of the caller is replaced.
   *
   * A call refused with 401 `invalid_token` is repeated once with a new token, if its body can be sent again:
   * text, bytes, `Blob`, `FormData` or `URLSearchParams`, but no stream and not the body of a `Request`.
   *
   * @param input a path on Latchkey's own origin (`/signature/documents`), or a `URL`, an address or a
   *   `Request` to it or to one of `origins`.
   * @param init as for the global `fetch`; an abort also ends the wait for a token, for this call alone.
   * @throws {OriginError} for any other origin; nothing was sent.
   * @throws {TokenRequestError} when no token can be had; the API was not called.
   * @throws {SettingsError} when the secret cannot be read.
   * @throws {InsufficientScopeError} for a 403, {TokenRefusedError} for a 401: with `throwOnRefusal` only.
   * @throws {TypeError} when the API cannot be reached, as the global `fetch` does.
   *
   * @example
   * const response = await api.fetch('/signature/documents?limit=10')
   * if (!response.ok) throw (await api.errorFrom(response)) ?? new Error(`Answered ${response.status}`)
   * const { items } = await response.json()
   */
  fetch: Fetch
  /**
   * The same with another `fetch` that really sends: one that is instrumented, or uses a proxy.
   *
   * @example
   * const call = api.authFetch(tracedFetch)
   */
  authFetch: (fetch: Fetch) => Fetch
  /**
   * The access token, for callers that send it themselves. It comes from memory until it is nearly expired:
   * ask for it at each call instead of keeping it. A token that is bound to a key (`dpop`) needs a proof
   * too: use `authorize`.
   *
   * @param options `signal` ends this wait; other callers keep waiting for the same token.
   * @returns the value to send as `Authorization: Bearer VALUE`.
   * @throws {TokenRequestError} when no token can be had.
   * @throws {SettingsError} when the secret cannot be read.
   *
   * @example
   * socket.connect({ token: await api.token({ signal: AbortSignal.timeout(5000) }) })
   */
  token: TokenFunction
  /**
   * The headers for one call, for HTTP libraries of another shape; the adapters are made of it.
   *
   * @throws what `fetch` throws before it sends.
   *
   * @example
   * let authorization = await api.authorize({ url: '/signature/documents' })
   * const { status, headers } = await send(authorization.url, authorization.headers)
   * const again = await authorization.next({ status, header: (name) => headers[name] ?? null }, true)
   */
  authorize: Authorize
  /**
   * The typed error of a refused call (RFC 6750 §3.1); undefined when the answer is no 401 and no 403
   * `insufficient_scope`. The body of the answer stays readable, if it was not read before.
   *
   * @example
   * const error = await api.errorFrom(response)
   * if (error instanceof InsufficientScopeError) console.error(error.fixUrl)
   */
  errorFrom: (response: Response) => Promise<InsufficientScopeError | TokenRefusedError | undefined>
}

/** `token()`, and what it has done so far. */
export interface TokenFunction {
  (options?: { signal?: AbortSignal | undefined }): Promise<string>
  /**
   * What this process did with this API client since its start; `healthyPercent` is the reuse ratio, as the
   * dashboard has it. Calls are those that APIs granted to `fetch`, and each `token()`.
   *
   * @example
   * const { tokenRequests, apiCalls, healthyPercent } = api.token.stats()
   */
  stats: () => TokenStats
}

/**
 * Makes a client of Latchkey: it gets an access token by client credentials (RFC 6749 §4.4) when the first
 * call needs one, authenticating with HTTP Basic (§2.3.1) by default, and reuses it until it is nearly expired.
 *
 * All clients of a process with the same settings share one token, so making one costs nothing. A token of
 * 3600 seconds is renewed in the background after 42 to 48 minutes; callers wait only for the first one.
 * Network trouble and 429, 502, 503 and 504 of the token endpoint are retried up to five times in ten
 * seconds, or when `Retry-After` says (60 seconds at most).
 *
 * @param options each may come from the environment: `LATCHKEY_URL`, `LATCHKEY_CLIENT_ID`,
 *   `LATCHKEY_CLIENT_SECRET` or `LATCHKEY_CLIENT_SECRET_FILE`, `LATCHKEY_SCOPES`; or from a profile.
 * @throws {SettingsError} naming everything that is missing or does not fit.
 *
 * @example
 * const api = createClient({ scopes: ['document_read'] })
 * const response = await api.fetch('/signature/documents')
 */
export function createClient(options: ClientOptions = {}): Latchkey {
  return createClientOn(systemRuntime, options)
}

/** `createClient` on another machine: tests hand in theirs. */
export function createClientOn(machine: Runtime, options: ClientOptions): Latchkey {
  const runtime = withProfile(machine, options.profile)
  const settings = readSettings(options, runtime.variables())
  const tokens = createTokenSource(settings, runtime)
  const authorize = createAuthorize(settings, tokens, runtime)
  const authFetch = (send: Fetch) => createFetch(settings, authorize, send)
  const token: TokenFunction = async ({ signal } = {}) => {
    const value = await tokens.get(signal)
    // Whoever asks at each call, as they should, makes one with it.
    tokens.tally.called(runtime.now())
    return value
  }
  token.stats = tokens.tally.stats
  return {
    fetch: authFetch(settings.fetch),
    authFetch,
    token,
    authorize,
    errorFrom: (response) => refusalOf(response, settings.clientId),
  }
}
