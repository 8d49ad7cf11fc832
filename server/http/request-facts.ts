import type { FastifyRequest } from 'fastify'
import { withoutCredentials } from '../vocabulary/without-credentials.ts'

/** What the caller says it is: data, never markup. */
export function userAgentOf(request: FastifyRequest): string | null {
  const text = request.headers['user-agent']
  return text === undefined ? null : withoutCredentials(text)
}

/** The host name that the caller used, as it came in the request or, through a proxy that we trust, from it. */
export function hostOf(request: FastifyRequest): string {
  // RFC 4343: names of the DNS have no letter case.
  return withoutCredentials(request.hostname.toLowerCase())
}
