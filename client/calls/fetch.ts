// A call with the token, in the shape of the global fetch.
import type { Fetch } from '../settings/options.ts'
import type { Settings } from '../settings/settings.ts'
import type { Authorization, Authorize, CallAnswer } from './authorization.ts'
import { refusalOf } from './refusal.ts'

/** @param send what really sends: `fetch` of the settings, or that of the caller. */
export function createFetch(
  settings: Pick<Settings, 'clientId' | 'throwOnRefusal'>,
  authorize: Authorize,
  send: Fetch,
): Fetch {
  return async (input, init) => {
    const call: Call = { input, init, request: isRequest(input) ? input : undefined }
    const response = await sendUntilFinal(call, authorize, send)
    const refusal = settings.throwOnRefusal ? await refusalOf(response, settings.clientId) : undefined
    if (refusal) throw refusal
    return response
  }
}

interface Call {
  input: string | URL | Request
  init: RequestInit | undefined
  /** The input, when it is one. */
  request: Request | undefined
}

async function sendUntilFinal(call: Call, authorize: Authorize, send: Fetch): Promise<Response> {
  const { input, init, request } = call
  const url = isRequest(input) ? input.url : input
  const method = normalize(init?.method ?? request?.method ?? 'GET')
  let authorization = await authorize({ url, method, signal: signalOf(call) })
  for (;;) {
    const response = await sendOnce(call, authorization, send)
    if (leftOrigin(response, authorization)) return response
    const next = await authorization.next(answerOf(response), isReplayable(call))
    if (!next) return response
    // Frees the connection; the refusal is not read.
    await response.body?.cancel()
    authorization = next
  }
}

function sendOnce({ init, request }: Call, authorization: Authorization, send: Fetch): Promise<Response> {
  // By the fetch standard (HTTP-redirect fetch) Authorization is taken off at a redirect to another origin.
  const headers = new Headers(init?.headers ?? request?.headers)
  for (const [name, value] of Object.entries(authorization.headers)) headers.set(name, value)
  return send(request ?? authorization.url.href, { ...init, headers })
}

/** As the fetch standard does it: `patch` stays as it is. */
function normalize(method: string): string {
  return /^(?:delete|get|head|options|post|put)$/i.test(method) ? method.toUpperCase() : method
}

/** `Request` objects of other realms and libraries are no instances of ours. */
function isRequest(input: string | URL | Request): input is Request {
  return typeof input === 'object' && 'url' in input
}

function answerOf({ status, headers }: Response): CallAnswer {
  return { status, header: (name) => headers.get(name) }
}

function signalOf({ init, request }: Call): AbortSignal | undefined {
  return (init?.signal === undefined ? request?.signal : init.signal) ?? undefined
}

/** After a redirect to another origin the answer is about a request without our token. */
function leftOrigin(response: Response, { url }: Authorization): boolean {
  return response.redirected && new URL(response.url).origin !== url.origin
}

/** A stream is gone once it was sent; the body of a `Request` is one. */
function isReplayable({ init, request }: Call): boolean {
  return isReplayableBody(init?.body ?? request?.body ?? null)
}

/** True for a body that can be sent again: text, bytes, a `Blob`, a form or parameters. */
export function isReplayableBody(body: unknown): boolean {
  if (body === null || body === undefined || typeof body === 'string' || ArrayBuffer.isView(body)) return true
  return [ArrayBuffer, Blob, FormData, URLSearchParams].some((kind) => body instanceof kind)
}
