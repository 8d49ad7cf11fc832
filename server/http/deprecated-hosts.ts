import type { HttpServer } from './server.ts'

export interface Deprecation {
  hosts: readonly string[]
  sinceMs: number
  sunsetMs: number | undefined
}

/**
 * A host name that callers should leave still answers identically, and says so on each answer:
 * RFC 9745 (`Deprecation`), RFC 8594 (`Sunset`), RFC 5829 (`successor-version`).
 */
export function announceDeprecation(server: HttpServer, publicUrl: string, deprecation: Deprecation): void {
  const hosts = new Set(deprecation.hosts)
  const guide = `${publicUrl}/docs/deprecated-host`
  const constant: Record<string, string> = {
    // RFC 9745 §2: a structured date.
    deprecation: `@${Math.floor(deprecation.sinceMs / 1000)}`,
    ...(deprecation.sunsetMs !== undefined && { sunset: new Date(deprecation.sunsetMs).toUTCString() }),
  }
  server.addHook('onRequest', (request, reply, done) => {
    if (hosts.has(request.hostname.toLowerCase())) {
      const successor = URL.parse(request.url.split('?', 1)[0] ?? '/', publicUrl)?.pathname ?? '/'
      const link = [
        `<${publicUrl}${successor}>; rel="successor-version"`,
        `<${guide}>; rel="deprecation"`,
        `<${guide}>; rel="sunset"`,
      ]
      reply.headers({ ...constant, link: link.join(', ') })
    }
    done()
  })
}
