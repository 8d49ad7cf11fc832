// Reads what the token endpoint answered (RFC 6749 §5).
import { TokenRequestError } from '../errors.ts'
import { cleanText, member, parseJson, textMember } from '../text/members.ts'
import type { GrantedToken, Moment } from './token.ts'

/** RFC 6749 §5.1 leaves `expires_in` out of what must be there; without it a token is not kept for ever. */
const unknownLifetimeSeconds = 60

/**
 * @param type what the token has to be: one that is not bound to the key, although it was asked for, is
 *   discarded (RFC 9449 §5).
 * @returns undefined when the answer holds no such token.
 */
export function readToken(
  text: string,
  requestedAt: Moment,
  type: 'bearer' | 'dpop',
): GrantedToken | undefined {
  const answer = parseJson(text)
  const value = member(answer, 'access_token')
  const found = member(answer, 'token_type')
  // RFC 6750 §2.1: anything else could not be sent in a header.
  if (typeof value !== 'string' || !/^[A-Za-z0-9._~+/-]+=*$/.test(value)) return undefined
  // RFC 6749 §5.1, §7.1: compared without regard to case; a type that is not understood is not used.
  if (typeof found !== 'string' || found.toLowerCase() !== type) return undefined
  const seconds = Number(member(answer, 'expires_in'))
  const known = Number.isFinite(seconds) && seconds > 0
  return { value, lifetimeMs: 1000 * (known ? seconds : unknownLifetimeSeconds), requestedAt }
}

/** Builds the error from the members that RFC 6749 §5.2 names; nothing else of the answer is kept. */
export function refusal(response: Response, text: string, secrets: readonly string[]): TokenRequestError {
  const { status, headers } = response
  const answer = response.ok ? undefined : parseJson(text)
  return new TokenRequestError({
    status,
    error: textMember(answer, 'error', secrets),
    description: textMember(answer, 'error_description', secrets) ?? describe(response),
    errorUri: textMember(answer, 'error_uri', secrets),
    requestId: cleanText(headers.get('request-id') ?? '', secrets) || undefined,
  })
}

function describe({ ok, status }: Response): string {
  if (ok) return 'The answer has no token of the type asked for (RFC 6749 §5.1). Is this a token endpoint?'
  if (status === 0 || (status >= 300 && status < 400))
    return 'The token endpoint redirects, which is not followed: set url (LATCHKEY_URL) to where Latchkey is.'
  return 'The answer does not say why (RFC 6749 §5.2).'
}
