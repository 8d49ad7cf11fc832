import { Problem } from '../vocabulary/problem.ts'
import type { HttpServer } from './server.ts'

/** How long a body may take to arrive on routes that do not stream it themselves. */
const bodyTimeoutMs = 15_000

/** Ends requests that send their body a byte at a time: the connection costs us, not them. */
export function limitBodyTime(server: HttpServer, timeoutMs = bodyTimeoutMs): void {
  server.addHook('preParsing', (request, _reply, payload, done) => {
    const { 'content-length': length, 'transfer-encoding': encoding } = request.headers
    const hasBody = encoding !== undefined || (length !== undefined && length !== '0')
    if (hasBody && !request.routeOptions.config.streamsBody) {
      const timer = setTimeout(() => {
        payload.destroy(
          new Problem('request_timeout', 'The body took too long to arrive. Send it in one go.'),
        )
      }, timeoutMs)
      payload.once('close', () => clearTimeout(timer))
      payload.once('end', () => clearTimeout(timer))
    }
    done(null, payload)
  })
}
