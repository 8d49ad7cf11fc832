import { OAuthError } from '../vocabulary/oauth-error.ts'
import { Problem } from '../vocabulary/problem.ts'
import { isLoopbackAddress } from './loopback-address.ts'
import type { HttpRequest, HttpServer } from './server.ts'

const text =
  'This request came over plain http, where anybody on the way can read it. Use https, and rotate the secret or token that was in it. Behind a proxy, the operator sets LATCHKEY_TRUSTED_PROXIES and X-Forwarded-Proto.'

/**
 * Refuses credentials over plain http (RFC 6749 §3.2, RFC 6750 §5.3): never a redirect, which would send them again
 * (RFC 9700 §4.12). This machine itself is excepted; health checks and pages carry no credentials.
 */
export function refusePlainHttp(server: HttpServer, publicUrl: string): void {
  if (!publicUrl.startsWith('https:')) return
  server.addHook('onRequest', (request, _reply, done) => {
    if (!takesCredentials(request) || request.protocol === 'https' || isDirectLoopback(request)) return done()
    const close = { connection: 'close' }
    const isOAuth = request.routeOptions.url?.startsWith('/oauth/') ?? false
    done(
      isOAuth
        ? new OAuthError('invalid_request', text, { headers: close })
        : new Problem('invalid_request', text, { headers: close }),
    )
  })
}

function takesCredentials(request: HttpRequest): boolean {
  const { config, url = '' } = request.routeOptions
  return config.scope !== undefined || /^\/oauth\/(?:connect|forward-auth)\b/.test(url)
}

/** From this machine, and not for somebody else. */
function isDirectLoopback(request: HttpRequest): boolean {
  return isLoopbackAddress(request.socket.remoteAddress) && request.headers['x-forwarded-proto'] !== 'http'
}
