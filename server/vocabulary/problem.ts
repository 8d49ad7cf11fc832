/** Every kind of problem that our APIs answer (RFC 9457): its status and its title. */
export const problems = {
  invalid_request: [400, 'The request is not valid'],
  invalid_cursor: [400, 'The cursor is not valid'],
  ambiguous_credentials: [400, 'Two credentials in one request'],
  signed_out: [401, 'Signed out'],
  sign_in_failed: [401, 'The sign-in failed'],
  two_factor_required: [403, 'A second factor is required'],
  email_unconfirmed: [403, 'The address is not confirmed'],
  foreign_origin: [403, 'The request comes from a foreign page'],
  permission_denied: [403, 'Not permitted'],
  wrong_environment: [403, 'The token belongs to the other environment'],
  address_not_allowed: [403, 'Calls from this address are not allowed'],
  not_found: [404, 'Not found'],
  method_not_allowed: [405, 'Method not allowed'],
  request_timeout: [408, 'The request took too long'],
  conflict: [409, 'It conflicts with what is there'],
  gone: [410, 'It is gone for good'],
  precondition_failed: [412, 'It was changed meanwhile'],
  payload_too_large: [413, 'The request is too large'],
  unsupported_media_type: [415, 'The type of the body is not supported'],
  invalid_document: [422, 'The file is not a PDF document'],
  invalid_value: [422, 'A value cannot be used'],
  precondition_required: [428, 'The request must say which state it changes'],
  rate_limited: [429, 'Too many requests'],
  headers_too_large: [431, 'The headers are too large'],
  internal_error: [500, 'Something went wrong here'],
  temporarily_unavailable: [503, 'Temporarily unavailable'],
  storage_full: [507, 'The storage is full'],
} as const satisfies Record<string, readonly [number, string]>

export type ProblemType = keyof typeof problems

interface ProblemOptions {
  headers?: Record<string, string>
  /** Members beside those of RFC 9457, e.g. `errors`. */
  members?: Record<string, unknown>
  /** The true reason, for the owner of the client alone; it never leaves in the answer. */
  reason?: string
}

/** A refusal of one of our APIs. `detail` says what is wrong and what to do. */
export class Problem extends Error {
  readonly type: ProblemType
  readonly status: number
  readonly title: string
  readonly headers: Record<string, string>
  readonly members: Record<string, unknown>
  readonly reason: string | undefined

  constructor(type: ProblemType, detail: string, options: ProblemOptions = {}) {
    super(detail)
    this.name = 'Problem'
    this.type = type
    this.status = problems[type][0]
    this.title = problems[type][1]
    this.headers = options.headers ?? {}
    this.members = options.members ?? {}
    this.reason = options.reason
  }
}
