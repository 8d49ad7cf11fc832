// Access tokens for undici 7 and 8, as an interceptor. Its parts are taken by their shape: there is no dependency.
import type { Authorization, CallAnswer } from '../calls/authorization.ts'
import { isReplayableBody } from '../calls/fetch.ts'
import type { Latchkey } from '../create-client.ts'
import { mergeHeaders } from './undici-headers.ts'

/** What is used of `DispatchOptions`. */
interface OptionsLike {
  origin?: string | URL | undefined
  path: string
  method: string
  body?: unknown
}

interface ControllerLike {
  pause(): void
  resume(): void
  abort(reason: Error): void
}

type HeadersOfAnswer = Record<string, string | string[] | undefined>

/** What is used of `DispatchHandler`. */
interface HandlerLike {
  onRequestStart?(controller: ControllerLike, context: unknown): void
  onRequestUpgrade?(controller: ControllerLike, status: number, headers: HeadersOfAnswer, socket: never): void
  onResponseStart?(
    controller: ControllerLike,
    status: number,
    headers: HeadersOfAnswer,
    message?: string,
  ): void
  onResponseData?(controller: ControllerLike, chunk: never): void
  onResponseEnd?(controller: ControllerLike, trailers: HeadersOfAnswer): void
  onResponseError?(controller: ControllerLike, error: Error): void
}

type Dispatch<Options> = (options: Options, handler: HandlerLike) => boolean

/**
 * Makes an interceptor that gives each request the access token: only to the origins of the client (another one
 * is refused, after a redirect too), sent once more after a 401 that a new token may end.
 *
 * @example
 * const dispatcher = new Agent().compose(latchkeyInterceptor(api))
 * const { body } = await request('https://latchkey.example/signature/documents', { dispatcher })
 */
export function latchkeyInterceptor(
  api: Pick<Latchkey, 'authorize'>,
): <Options extends OptionsLike>(dispatch: Dispatch<Options>) => Dispatch<Options> {
  return (dispatch) => (options, handler) => {
    const { method } = options
    const url = new URL(options.path, options.origin)
    const signal = 'signal' in options && options.signal instanceof AbortSignal ? options.signal : undefined
    const send = (authorization: Authorization) => {
      const headers = mergeHeaders('headers' in options ? options.headers : undefined, authorization.headers)
      const next = (answer: CallAnswer) => authorization.next(answer, isReplayableBody(options.body))
      dispatch({ ...options, headers }, watch(handler, next, send))
    }
    api
      .authorize({ url, method, signal })
      .then(send)
      .catch((error: unknown) => fail(handler, error))
    return true
  }
}

/** Passes everything on, but holds a refusal back until it is known whether it is the last word. */
function watch(
  handler: HandlerLike,
  next: (answer: CallAnswer) => Promise<Authorization | undefined>,
  send: (authorization: Authorization) => void,
): HandlerLike {
  // Once a call is sent again, what still comes of the first answer is for nobody.
  let dropped = false
  return {
    onRequestStart: (controller, context) => handler.onRequestStart?.(controller, context),
    onRequestUpgrade: (...all) => handler.onRequestUpgrade?.(...all),
    onResponseStart(controller, status, headers, message) {
      const answer: CallAnswer = { status, header: (name) => [headers[name]].flat()[0] ?? null }
      const passOn = () => handler.onResponseStart?.(controller, status, headers, message)
      if (status !== 401) {
        if (status >= 200) void next(answer)
        return passOn()
      }
      controller.pause()
      next(answer)
        .then((authorization) => {
          dropped = authorization !== undefined
          if (authorization) send(authorization)
          else passOn()
          controller.resume()
        })
        .catch((error: unknown) => controller.abort(asError(error)))
    },
    onResponseData(controller, chunk) {
      if (!dropped) handler.onResponseData?.(controller, chunk)
    },
    onResponseEnd(controller, trailers) {
      if (!dropped) handler.onResponseEnd?.(controller, trailers)
    },
    onResponseError(controller, error) {
      if (!dropped) handler.onResponseError?.(controller, error)
    },
  }
}

function fail(handler: HandlerLike, error: unknown): void {
  const nothing = () => undefined
  handler.onResponseError?.({ pause: nothing, resume: nothing, abort: nothing }, asError(error))
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error('The call was aborted.')
}
