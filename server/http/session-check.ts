// What a request with a member's session must be, before anybody looks whose session it is.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Problem } from '../vocabulary/problem.ts'

/** The cookie of a member's session, by whatever prefix browsers demand of it. */
const sessionCookie = /(?:^|;\s*)(?:__Host-|__Secure-)?latchkey\.session[^=;]*=/

/** What is known of a request that carries a session: its headers as better-auth reads them, and where it came from. */
export interface SessionRequest {
  headers: Headers
  address: string
  requestId: string
}

/** Never a header that the caller could forge: the address is the one that the proxy settings found. */
export function sessionRequestOf(request: FastifyRequest): SessionRequest {
  const headers = new Headers({ 'latchkey-address': request.ip })
  for (const name of ['cookie', 'user-agent', 'origin'] as const) {
    const value = request.headers[name]
    if (value !== undefined) headers.set(name, value)
  }
  return { headers, address: request.ip, requestId: request.id }
}

/** Who changes something, for the audit trail: from where, by which request. */
export function fromOf(request: FastifyRequest): { address: string; requestId: string } {
  return { address: request.ip, requestId: request.id }
}

/** The same request without the session that the browser brought along: it plays no part in a new sign-in. */
export function withoutSession(request: SessionRequest): SessionRequest {
  const headers = new Headers(request.headers)
  const kept = (headers.get('cookie') ?? '').split(/;\s*/).filter((pair) => !sessionCookie.test(pair))
  headers.set('cookie', kept.join('; '))
  return { ...request, headers }
}

/** The request that the browser would send next, with the cookies that it is about to be given. */
export function withCookies(request: SessionRequest, given: Headers): SessionRequest {
  const headers = new Headers(request.headers)
  const pairs = given.getSetCookie().map((cookie) => cookie.slice(0, cookie.indexOf(';')))
  headers.set('cookie', pairs.join('; '))
  return { ...request, headers }
}

/** Hands on the cookies that better-auth sets. */
export function writeCookies(reply: FastifyReply, headers: Headers): void {
  for (const cookie of headers.getSetCookie()) reply.header('set-cookie', cookie)
}

export function hasSession(request: FastifyRequest): boolean {
  return sessionCookie.test(request.headers.cookie ?? '')
}

/**
 * Two identities in one request: whichever were taken, a mistake or an attack would decide.
 * @throws {Problem} `ambiguous_credentials`
 */
export function refuseTwoWays(request: FastifyRequest): void {
  if (request.headers.authorization === undefined || !hasSession(request)) return
  throw new Problem(
    'ambiguous_credentials',
    'The request carries a session cookie and an Authorization header. Send one of them only.',
  )
}

/**
 * A browser sends the cookie whoever wrote the page: what changes something must come from a page of ours.
 * Every browser of today sends Origin with it; a request without is no browser's, and has no use for a cookie.
 * @throws {Problem} `foreign_origin`
 */
export function refuseForeignOrigin(request: FastifyRequest, origins: readonly string[]): void {
  if (request.method === 'GET' || request.method === 'HEAD') return
  const { origin } = request.headers
  if (origin !== undefined && origins.includes(origin)) return
  throw new Problem(
    'foreign_origin',
    'This request does not come from a page of this service. Open the dashboard and try it there; programs use an access token instead of a session.',
  )
}
