import type { AccessToken } from './access-token.ts'

/** The codes of RFC 6750 §3.1 and RFC 9449 §7.1; a request without any token has none. */
export type BearerErrorCode =
  | 'invalid_request'
  | 'invalid_token'
  | 'insufficient_scope'
  | 'invalid_dpop_proof'
  | 'use_dpop_nonce'

/** The body of a refusal: problem details (RFC 9457) with what the caller needs to mend it. */
export interface RefusalProblem {
  type: string
  title: string
  status: number
  detail: string
  /** The scope that the call needs (403 only). */
  required?: string
  /** The scopes that the token has (403 only). */
  granted?: string[]
  /** Where the client's scopes are set (403 only). */
  fixUrl?: string
}

/** Beside the errors, not in them: what prints or sends an error's members never meets a token. */
const tokens = new WeakMap<GuardError, AccessToken>()

/**
 * A refused call. It carries its whole answer: status, challenge and body.
 *
 * @example
 * catch (error) {
 *   if (error instanceof GuardError) return new Response(JSON.stringify(error.problem), { status: error.status, headers: error.headers })
 * }
 */
export class GuardError extends Error {
  readonly status: number
  readonly code: BearerErrorCode | undefined
  readonly headers: Record<string, string>
  readonly problem: RefusalProblem

  constructor(
    code: BearerErrorCode | undefined,
    challenge: string | undefined,
    problem: RefusalProblem,
    headers: Record<string, string> = {},
  ) {
    super(problem.detail)
    this.name = 'GuardError'
    this.status = problem.status
    this.code = code
    this.headers = {
      ...headers,
      ...(challenge !== undefined && { 'www-authenticate': challenge }),
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
    }
    this.problem = problem
  }

  /**
   * Whose call it was, for your own records: the claims of a token that this issuer signed and that was refused all the
   * same, because it is expired, lacks the scope or came without what it is bound to. Undefined for every other refusal:
   * a forged token is nobody's. It is no part of the answer, and is not printed with the error.
   *
   * @example
   * catch (error) {
   *   if (error instanceof GuardError) audit.write({ status: error.status, client: error.token?.clientId })
   * }
   */
  get token(): AccessToken | undefined {
    return tokens.get(this)
  }
}

/** Notes whose token was refused. @returns the error, for throwing on. */
export function withToken(error: GuardError, token: AccessToken | undefined): GuardError {
  if (token) tokens.set(error, token)
  return error
}
