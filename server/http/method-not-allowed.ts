import { OAuthError } from '../vocabulary/oauth-error.ts'
import { Problem } from '../vocabulary/problem.ts'
import type { HttpServer } from './server.ts'

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const

/** Remembers which methods each address has; called before any route is added. */
export function collectMethods(server: HttpServer): Map<string, Set<string>> {
  const known = new Map<string, Set<string>>()
  server.addHook('onRoute', (route) => {
    const set = known.get(route.url) ?? new Set()
    for (const method of [route.method].flat()) set.add(method)
    known.set(route.url, set)
  })
  return known
}

/** Answers 405 with `Allow` (RFC 9110 §15.5.6) for the methods that an address does not have. */
export function refuseOtherMethods(server: HttpServer, known: Map<string, Set<string>>): void {
  for (const [url, has] of [...known]) {
    if (url.includes('*')) continue
    const allow = [...has].sort().join(', ')
    const detail = `This address takes ${allow}.`
    server.route({
      method: methods.filter((method) => !has.has(method)),
      url,
      schema: { hide: true },
      onRequest: async () => {
        const headers = { allow }
        if (url.startsWith('/oauth/'))
          throw new OAuthError('invalid_request', detail, { status: 405, headers })
        throw new Problem('method_not_allowed', detail, { headers })
      },
      handler: async () => undefined,
    })
  }
}
