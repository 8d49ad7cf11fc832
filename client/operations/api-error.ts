import { LatchkeyError } from '../errors.ts'
import { cleanText, parseJson, textMember } from '../text/members.ts'

/** What is known of a refused operation. */
export interface ApiErrorFacts {
  status: number
  code: string | undefined
  type: string | undefined
  detail: string
  requestId: string | undefined
}

/**
 * An API refused an operation (RFC 9457), for a reason that has nothing to do with the token: those have
 * `InsufficientScopeError` and `TokenRefusedError`.
 *
 * @example
 * if (error instanceof ApiError && error.code === 'not_found') return undefined
 */
export class ApiError extends LatchkeyError {
  override readonly name = 'ApiError'
  readonly status: number
  /** What went wrong, in one word, for example `not_found`; undefined when the answer is no problem document. */
  readonly code: string | undefined
  /** A page that explains it. */
  readonly type: string | undefined
  /** What is wrong and what to do. */
  readonly detail: string
  /** The `Request-Id` of the answer, for support. */
  readonly requestId: string | undefined

  constructor({ status, code, type, detail, requestId }: ApiErrorFacts) {
    const heading = [status, code].filter((part) => part !== undefined).join(' ')
    const about = [type, requestId].filter((part) => part !== undefined).join(', ')
    super(`${heading}. ${detail}${about && ` (${about})`}`)
    this.status = status
    this.code = code
    this.type = type
    this.detail = detail
    this.requestId = requestId
  }
}

export async function readApiError(response: Response): Promise<ApiError> {
  const { status, headers } = response
  const problem = parseJson(await response.text())
  const type = textMember(problem, 'type')
  return new ApiError({
    status,
    // The last part of the page's address is the code.
    code: /\/([a-z_]+)$/.exec(type ?? '')?.[1],
    type,
    detail: textMember(problem, 'detail') ?? 'The answer does not say why.',
    requestId: cleanText(headers.get('request-id') ?? '') || textMember(problem, 'requestId'),
  })
}
