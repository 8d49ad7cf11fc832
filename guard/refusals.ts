// The words and the challenge of every refusal (RFC 6750 §3, RFC 9449 §7.1, RFC 9457).
import type { AccessToken } from './access-token.ts'
import { proofAlgorithms } from './dpop-proof.ts'
import { type BearerErrorCode, GuardError, type RefusalProblem, withToken } from './errors.ts'

const titles: Record<
  BearerErrorCode | 'missing_token' | 'temporarily_unavailable',
  readonly [number, string]
> = {
  missing_token: [401, 'No access token'],
  invalid_request: [400, 'The request is not valid'],
  invalid_token: [401, 'The access token is not valid'],
  insufficient_scope: [403, 'The access token lacks a scope'],
  invalid_dpop_proof: [401, 'The DPoP proof is not valid'],
  use_dpop_nonce: [401, 'The DPoP proof needs a nonce'],
  temporarily_unavailable: [503, 'Temporarily unavailable'],
}

/** What a token is told whose client is gone, disabled, or whose tokens were revoked. */
export const revokedTokenDetail =
  'The token was revoked, or its client was disabled. Request a new one; if that fails too, the owner of the client sees why.'

/** Makes the refusals of one guard; their links go to the authorization server's documentation. */
export interface Refusals {
  missing: () => GuardError
  invalidRequest: (detail: string) => GuardError
  /** @param token whose call it was, where that is known. */
  invalidToken: (detail: string, token?: AccessToken) => GuardError
  /** The token was good and is dead now. */
  revoked: (token: AccessToken) => GuardError
  /**
   * Neither yes nor no: the authorization server is away.
   * @param retryAfterSeconds when it is worth another try.
   */
  unavailable: (detail: string, retryAfterSeconds: number) => GuardError
  insufficientScope: (required: string, granted: readonly string[], fixUrl: string | undefined) => GuardError
  invalidProof: (detail: string) => GuardError
  /** RFC 9449 §9: again, with this nonce. */
  useNonce: (nonce: string) => GuardError
}

/** @param scheme in which the token came, or in which it should have come. */
export function createRefusals(
  realm: string,
  docsOrigin: string,
  scheme: 'Bearer' | 'DPoP' = 'Bearer',
): Refusals {
  const refuse = (
    code: BearerErrorCode | 'missing_token',
    detail: string,
    parameters: Record<string, string> = {},
    members: Partial<RefusalProblem> = {},
    headers: Record<string, string> = {},
  ) => {
    const [status, title] = titles[code]
    const error = code === 'missing_token' ? undefined : code
    const challenge = writeChallenge(scheme, {
      realm,
      // RFC 9449 §7.1.
      ...(scheme === 'DPoP' && { algs: proofAlgorithms.join(' ') }),
      ...(error && { error, error_description: detail }),
      ...parameters,
    })
    const type = `${docsOrigin}/docs/errors/${code}`
    return new GuardError(error, challenge, { type, title, status, detail, ...members }, headers)
  }
  return {
    // RFC 6750 §3.1: a request without any authentication information gets no error code.
    missing: () =>
      refuse(
        'missing_token',
        'No access token in the request. Send Authorization: Bearer TOKEN. Get one from /oauth/connect/token.',
      ),
    invalidRequest: (detail) => refuse('invalid_request', detail),
    invalidToken: (detail, token) => withToken(refuse('invalid_token', detail), token),
    revoked: (token) => withToken(refuse('invalid_token', revokedTokenDetail), token),
    unavailable: (detail, retryAfterSeconds) => {
      const [status, title] = titles.temporarily_unavailable
      const type = `${docsOrigin}/docs/errors/temporarily_unavailable`
      const headers = { 'retry-after': String(retryAfterSeconds) }
      return new GuardError(undefined, undefined, { type, title, status, detail }, headers)
    },
    insufficientScope: (required, granted, fixUrl) =>
      refuse(
        'insufficient_scope',
        `This call needs ${required}. Your token has ${inWords(granted)}. Add the scope to the client, save, then request a new token: old tokens do not change.`,
        { scope: required },
        { required, granted: [...granted], ...(fixUrl && { fixUrl }) },
      ),
    invalidProof: (detail) => refuse('invalid_dpop_proof', detail),
    useNonce: (nonce) =>
      refuse(
        'use_dpop_nonce',
        'The DPoP proof needs the nonce of the DPoP-Nonce header of this answer. Make a new proof with it.',
        {},
        {},
        { 'dpop-nonce': nonce },
      ),
  }
}

/** As far as a header line can hold it: proxies take 4 or 8 kB for all of them. */
function inWords(scopes: readonly string[]): string {
  const list = scopes.join(' ')
  return list.length > 400 ? `${scopes.length} other scopes` : list || 'no scope'
}

/** `Bearer a="b", c="d"`: our values hold neither quotes nor backslashes; what others send is never in them. */
function writeChallenge(scheme: string, parameters: Record<string, string>): string {
  const pairs = Object.entries(parameters).map(
    ([name, value]) => `${name}="${value.replace(/[^ !#-[\]-~]/g, '')}"`,
  )
  return `${scheme} ${pairs.join(', ')}`
}
