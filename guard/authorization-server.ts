// How the guard asks the authorization server, as the client that the API names as its resource server.

/** The API's own client: one of the `resourceServers` of the API in the catalogue. */
export interface ResourceServerClient {
  clientId: string
  /** The secret, or where it comes from: asked at each request, so that a rotated secret is used at once. */
  clientSecret: string | (() => string | Promise<string>)
}

/** The authorization server gave no answer that can be used: neither yes nor no. Holds nothing that was sent. */
export class AuthorizationServerError extends Error {
  /** Of its answer; undefined: it gave none. */
  readonly status: number | undefined
  /** Seconds after which it is worth asking again, where it says so. */
  readonly retryAfterSeconds: number | undefined

  constructor(
    message: string,
    { status, retryAfterSeconds }: { status?: number; retryAfterSeconds?: number } = {},
  ) {
    super(message)
    this.name = 'AuthorizationServerError'
    this.status = status
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** @returns the body of a 200. @throws {AuthorizationServerError} for everything else. */
export type Ask = (
  url: string,
  request?: { form?: Record<string, string>; accept?: string },
) => Promise<string>

/** @param timeoutMs how long an answer may take, to its last byte. */
export function createAsk({ clientId, clientSecret }: ResourceServerClient, timeoutMs: number): Ask {
  return async (url, { form, accept = 'application/json' } = {}) => {
    const secret = await readSecret(clientSecret)
    const { status, text, retryAfterSeconds } = await send(url, {
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
      headers: { accept, authorization: `Basic ${basicCredentials(clientId, secret)}` },
      // Credentials go to the configured address alone.
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    })
    if (status === 200) return text
    throw new AuthorizationServerError(
      `The authorization server ${explanations[status] ?? `answered ${status}`}.`,
      {
        status,
        ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
      },
    )
  }
}

async function readSecret(secret: ResourceServerClient['clientSecret']): Promise<string> {
  try {
    return typeof secret === 'function' ? await secret() : secret
  } catch {
    // Without its cause: what a secret store throws may hold anything.
    throw new AuthorizationServerError("The client's secret could not be read.")
  }
}

const explanations: Record<number, string> = {
  400: 'refused the request of this guard (400): is the client named in resourceServers of the API?',
  401: 'refused the client of this guard (401): check clientId and clientSecret',
  429: 'limits the client of this guard (429)',
}

/** Seconds, as far as anybody should believe them. */
const longestRetrySeconds = 60

async function send(url: string, init: RequestInit) {
  try {
    const response = await fetch(url, init)
    const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
    const retryAfterSeconds = seconds > 0 ? Math.min(Math.ceil(seconds), longestRetrySeconds) : undefined
    return { status: response.status, text: await response.text(), retryAfterSeconds }
  } catch {
    throw new AuthorizationServerError('The authorization server did not answer.')
  }
}

/** RFC 6749 §2.3.1: both form-encoded before Base64. */
function basicCredentials(clientId: string, secret: string): string {
  return btoa(
    [clientId, secret].map((text) => new URLSearchParams({ '': text }).toString().slice(1)).join(':'),
  )
}

/**
 * Credentials and answers that decide go over TLS.
 * @throws {TypeError} for plain http to another machine.
 */
export function requireTls(url: string): void {
  const { protocol, hostname } = new URL(url)
  if (protocol === 'https:' || /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)) return
  throw new TypeError(
    'The authorization server is asked with a secret: its address must begin with https://.',
  )
}
