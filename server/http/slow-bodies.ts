import type { IncomingMessage } from 'node:http'
import { Problem } from '../vocabulary/problem.ts'
import type { HttpServer } from './server.ts'

/** How long a body may take to arrive on routes that do not stream it themselves. */
const bodyTimeoutMs = 15_000
const sweepMs = 1000

/**
 * Ends requests that send their body a byte at a time: the connection costs us, not them. One sweep each
 * second looks at all that are under way; a timer for each request would cost every request.
 */
export function limitBodyTime(server: HttpServer, timeoutMs = bodyTimeoutMs): void {
  const arriving = new Map<IncomingMessage, number>()
  server.addHook('onRequest', (request, _reply, done) => {
    const { 'content-length': length, 'transfer-encoding': encoding } = request.headers
    const hasBody = encoding !== undefined || (length !== undefined && length !== '0')
    if (hasBody && !request.routeOptions.config.streamsBody)
      arriving.set(request.raw, performance.now() + timeoutMs)
    done()
  })
  const sweep = setInterval(() => {
    for (const [message, deadline] of arriving) {
      if (message.complete || message.destroyed) arriving.delete(message)
      else if (performance.now() > deadline) {
        arriving.delete(message)
        message.destroy(
          new Problem('request_timeout', 'The body took too long to arrive. Send it in one go.'),
        )
      }
    }
  }, sweepMs)
  sweep.unref()
  server.addHook('onClose', () => clearInterval(sweep))
}
