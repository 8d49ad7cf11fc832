// The call that a proxy asks about: what it says of it in headers, believed only from the proxies that are trusted.
import { rawValues } from './raw-headers.ts'
import type { HttpRequest } from './server.ts'

/** What a proxy forwards of the call it asks about. */
export interface ForwardedCall {
  method: string
  /** Path and query as the caller sent them. */
  target: string
}

/** Where Traefik, Caddy and our example for nginx say it, and where ingress-nginx does. */
const methodHeaders = ['x-forwarded-method', 'x-original-method']
const targetHeaders = ['x-forwarded-uri', 'x-original-uri', 'x-original-url']

/**
 * Reads the call from the forwarding headers of a trusted proxy.
 * @returns undefined when the proxy does not say it, or when two headers disagree: one of them is the caller's own.
 */
export function readForwardedCall(request: HttpRequest): ForwardedCall | undefined {
  const method = onlyValue(request, methodHeaders, (text) => text)
  const target = onlyValue(request, targetHeaders, pathAndQuery)
  return method === undefined || !target?.startsWith('/') ? undefined : { method, target }
}

function onlyValue(
  { raw: { rawHeaders } }: HttpRequest,
  names: readonly string[],
  read: (text: string) => string,
): string | undefined {
  const values = new Set(names.flatMap((name) => rawValues(rawHeaders, name)).map(read))
  const [value] = values
  return values.size === 1 ? value : undefined
}

/** ingress-nginx sends the whole address; its host is the Host header, which the caller chooses. */
function pathAndQuery(text: string): string {
  return text.replace(/^https?:\/\/[^/?#]*/i, '')
}
