// A call with the token: only to its origins, tried once more when the token was refused.

import type { Fetch, Settings } from '../settings/settings.ts'
import type { TokenSource } from '../token/token-source.ts'
import { refusesToken } from './challenge.ts'
import { resolveDestination } from './destination.ts'
import { refusalOf } from './refusal.ts'

export function createFetch(settings: Settings, tokens: TokenSource): Fetch {
  return async (input, init) => {
    const destination = resolveDestination(input, settings)
    const response = await sendWithRetry({ input, init, destination }, settings, tokens)
    const refusal = settings.throwOnRefusal ? await refusalOf(response, settings.clientId) : undefined
    if (refusal) throw refusal
    return response
  }
}

interface Call {
  input: string | URL | Request
  init: RequestInit | undefined
  destination: URL
}

async function sendWithRetry(call: Call, settings: Settings, tokens: TokenSource): Promise<Response> {
  const signal = signalOf(call)
  const token = await tokens.get(signal)
  const response = await send(call, token, settings.fetch)
  if (!settings.retryOn401 || !refusesToken(response) || leftOrigin(response, call)) return response
  const life = await tokens.life()
  if (!life.drop(token)) return response
  if (!isReplayable(call)) {
    // Whether a new token helps shows at the next call; one that does not must not cause one renewal each.
    life.keepForNow()
    return response
  }
  // Frees the connection; the refusal is not read.
  await response.body?.cancel()
  const second = await send(call, await tokens.get(signal), settings.fetch)
  if (refusesToken(second)) life.keepForNow()
  return second
}

function send({ input, init, destination }: Call, token: string, fetch: Fetch): Promise<Response> {
  const isRequest = typeof input === 'object' && 'url' in input
  // By the fetch standard (HTTP-redirect fetch) this header is taken off at a redirect to another origin.
  const headers = new Headers(init?.headers ?? (isRequest ? input.headers : undefined))
  headers.set('authorization', `Bearer ${token}`)
  return fetch(isRequest ? input : destination.href, { ...init, headers })
}

function signalOf({ input, init }: Call): AbortSignal | undefined {
  const own = typeof input === 'object' && 'signal' in input ? input.signal : undefined
  return (init?.signal === undefined ? own : init.signal) ?? undefined
}

/** After a redirect to another origin the answer is about a request without our token. */
function leftOrigin(response: Response, { destination }: Call): boolean {
  return response.redirected && new URL(response.url).origin !== destination.origin
}

/** A stream is gone once it was sent; the body of a `Request` is one. */
function isReplayable({ input, init }: Call): boolean {
  const body = init?.body ?? (typeof input === 'object' && 'body' in input ? input.body : null)
  if (body === null || typeof body === 'string' || ArrayBuffer.isView(body)) return true
  return [ArrayBuffer, Blob, FormData, URLSearchParams].some((kind) => body instanceof kind)
}
