/** The codes of RFC 6749 §5.2 and of the extensions we speak, with the status each answers. */
export const oauthErrors = {
  invalid_request: 400,
  invalid_client: 401,
  invalid_grant: 400,
  unauthorized_client: 400,
  unsupported_grant_type: 400,
  invalid_scope: 400,
  /** RFC 8707 §2. */
  invalid_target: 400,
  /** RFC 9449 §5, §8. */
  invalid_dpop_proof: 400,
  use_dpop_nonce: 400,
  /** Ours: RFC 6585 §4. */
  rate_limited: 429,
  temporarily_unavailable: 503,
} as const

export type OAuthErrorCode = keyof typeof oauthErrors

interface OAuthErrorOptions {
  /** Where the reader finds the fix; a path on our host. Default: the page of the code. */
  errorPath?: string
  /** Another status than the code's own, e.g. 405 or 413. */
  status?: number
  headers?: Record<string, string>
  /** The true reason, for the owner of the client alone; it never leaves in the answer. */
  reason?: string
}

/** A refusal of the authorization server, in the words of RFC 6749 §5.2. */
export class OAuthError extends Error {
  readonly code: OAuthErrorCode
  readonly status: number
  readonly errorPath: string
  readonly headers: Record<string, string>
  readonly reason: string | undefined

  constructor(code: OAuthErrorCode, description: string, options: OAuthErrorOptions = {}) {
    super(description)
    this.name = 'OAuthError'
    this.code = code
    this.status = options.status ?? oauthErrors[code]
    this.errorPath = options.errorPath ?? `/docs/errors/${code}`
    this.headers = options.headers ?? {}
    this.reason = options.reason
  }
}
