import { OAuthError } from '../vocabulary/oauth-error.ts'

const typePattern = /^application\/x-www-form-urlencoded\s*(;|$)/i
const bodyText = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The parameters of a form: empty values are absent (RFC 6749 §3.2). */
export interface FormBody {
  parameters: Map<string, string>
  /** Every value of the parameters that may be sent more than once. */
  repeated: Map<string, string[]>
}

const nothing: ReadonlySet<string> = new Set()

/**
 * Reads a form-encoded body strictly (RFC 6749 §3.2 and Appendix B): no repeated parameter, no broken
 * escape, an empty value is an absent one.
 * @param repeatable the parameters that may be sent more than once, e.g. `resource` (RFC 8707 §2).
 * @throws {OAuthError} `invalid_request`, with what to send instead.
 */
export function parseFormBody(
  contentType: string | undefined,
  body: Buffer | undefined,
  repeatable = nothing,
): FormBody {
  if (contentType === undefined || !typePattern.test(contentType)) {
    throw new OAuthError('invalid_request', wrongType(contentType))
  }
  const text = decode(() => bodyText.decode(body))
  if (text.trimStart().startsWith('{')) throw new OAuthError('invalid_request', wrongType('application/json'))
  const seen = new Set<string>()
  const form: FormBody = { parameters: new Map(), repeated: new Map() }
  for (const pair of text.split('&')) {
    if (pair === '') continue
    const equals = pair.indexOf('=')
    const name = decodeFormValue(equals === -1 ? pair : pair.slice(0, equals))
    const value = equals === -1 ? '' : decodeFormValue(pair.slice(equals + 1))
    if (repeatable.has(name)) {
      if (value !== '') form.repeated.set(name, [...(form.repeated.get(name) ?? []), value])
      continue
    }
    // RFC 6749 §3.2: parameters must not be included more than once, known or unknown.
    if (seen.has(name)) {
      throw new OAuthError(
        'invalid_request',
        'A parameter is in the body more than once. Send each one once.',
      )
    }
    seen.add(name)
    if (value !== '') form.parameters.set(name, value)
  }
  return form
}

/** One value of a form: `+` and `%20` are a space. @throws {OAuthError} on a broken escape. */
export function decodeFormValue(text: string): string {
  // Most values are plain words, and this runs for each of every request.
  if (!/[%+]/.test(text)) return text
  return decode(() => decodeURIComponent(text.replaceAll('+', ' ')))
}

function decode(read: () => string): string {
  try {
    return read()
  } catch {
    throw new OAuthError('invalid_request', 'The body is not valid form encoding: use UTF-8 and %XX escapes.')
  }
}

function wrongType(contentType: string | undefined): string {
  const type = contentType?.toLowerCase() ?? ''
  const what = type.includes('json')
    ? 'The body is JSON.'
    : type.includes('multipart')
      ? 'The body is multipart.'
      : type === ''
        ? 'The request has no Content-Type.'
        : 'The body is of another type.'
  const it = type === '' ? 'the body' : 'it'
  return `${what} Send ${it} as application/x-www-form-urlencoded (curl: -d grant_type=client_credentials).`
}
