// Finds the access token of a request: the Authorization header alone (RFC 6750 §2.1; RFC 9700 §4.3.2).
import type { Refusals } from './refusals.ts'

/** `Authorization` may be sent as one value or, wrongly, as several. */
export type AuthorizationHeader = string | readonly string[] | undefined

/** A token as it came; nothing is verified. */
export interface PresentedToken {
  scheme: 'Bearer' | 'DPoP'
  text: string
}

/**
 * @returns the token text, not verified.
 * @throws {GuardError} without a token, with two headers, or with what is no token at all.
 */
export function readToken(header: AuthorizationHeader, refusals: Refusals): PresentedToken {
  const value = typeof header === 'string' ? header : single(header, refusals)
  if (value === undefined || value.trim() === '') throw refusals.missing()
  // RFC 9110 §11.1: the scheme's letter case does not matter; RFC 6750 §2.1: b64token.
  const bearer = /^bearer +([A-Za-z0-9\-._~+/]+=*) *$/i.exec(value)?.[1]
  if (bearer !== undefined) return { scheme: 'Bearer', text: bearer }
  // RFC 9449 §7.1.
  const dpop = /^dpop +([A-Za-z0-9\-._~+/]+=*) *$/i.exec(value)?.[1]
  if (dpop !== undefined) return { scheme: 'DPoP', text: dpop }
  if (/^basic /i.test(value)) {
    throw refusals.invalidToken(
      'This is HTTP Basic with client credentials, not an access token. Exchange them at /oauth/connect/token first, then send Authorization: Bearer TOKEN.',
    )
  }
  if (/^bearer *$/i.test(value)) throw refusals.missing()
  throw refusals.invalidToken(
    'The Authorization header holds no access token. Send Authorization: Bearer TOKEN.',
  )
}

function single(header: readonly string[] | undefined, refusals: Refusals): string | undefined {
  if (header === undefined || header.length < 2) return header?.[0]
  throw refusals.invalidRequest('The request has more than one Authorization header. Send exactly one.')
}

/** What people send instead of a token, told by its look alone. */
export function explainLookalike(text: string): string | undefined {
  // An access token is a JWT: three parts between dots. Our secrets have no dot and at least 43 characters.
  if (text.includes('.')) return undefined
  // A JWT begins with the JSON of its header; a secret of others does so once in 260,000.
  if (text.startsWith('eyJ')) {
    return 'This begins like an access token, but has 1 of 3 parts: it was cut. Send the whole access_token.'
  }
  if (/^lk_/.test(text) || /^[A-Za-z0-9_-]{43,}$/.test(text)) {
    return 'This looks like a client secret, not an access token. Exchange it at /oauth/connect/token first. And rotate it if the request left your machine.'
  }
  if (/^(test|prod)-[a-z0-9-]+$/.test(text)) {
    return 'This looks like a client id, not an access token. Exchange client id and secret at /oauth/connect/token first.'
  }
  return undefined
}
