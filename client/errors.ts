// What the SDK throws. Each error is built anew from a few plain facts: none wraps the HTTP library's object,
// none holds a secret or a token.

/** Every error of this package, for `error instanceof LatchkeyError`. */
export class LatchkeyError extends Error {
  override readonly name: string = 'LatchkeyError'
}

/**
 * Arguments or environment variables of `createClient` are missing or do not fit; nothing was sent.
 *
 * @example
 * if (error instanceof SettingsError) for (const problem of error.problems) console.error(problem)
 */
export class SettingsError extends LatchkeyError {
  override readonly name = 'SettingsError'
  /** A sentence each: what is wrong and which argument or variable mends it. */
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.problems = problems
  }
}

/** A call to an address that this client's token is not for. It was refused before anything was sent. */
export class OriginError extends LatchkeyError {
  override readonly name = 'OriginError'
  /** The refused origin, for example `https://api.elsewhere.example`. */
  readonly origin: string

  constructor(origin: string) {
    super(
      `The token is not for ${origin}, so nothing was sent there. If this API accepts Latchkey's tokens, list it: createClient({ origins: ['${origin}'] }).`,
    )
    this.origin = origin
  }
}

/** What is known of a failed token request. */
export interface TokenRequestFacts {
  status?: number | undefined
  error?: string | undefined
  description: string
  errorUri?: string | undefined
  requestId?: string | undefined
}

/**
 * No token could be had (RFC 6749 §5.2), so no API was called.
 *
 * @example
 * if (error instanceof TokenRequestError && error.error === 'invalid_scope') console.error(error.errorUri)
 */
export class TokenRequestError extends LatchkeyError {
  override readonly name = 'TokenRequestError'
  /** The HTTP status; undefined when there was no answer. */
  readonly status: number | undefined
  /** The code of RFC 6749 §5.2, for example `invalid_client`; undefined when the answer had none. */
  readonly error: string | undefined
  /** What is wrong and what to do. */
  readonly description: string
  /** A page that explains it, or the place in the dashboard where it is mended. */
  readonly errorUri: string | undefined
  /** The `Request-Id` of the answer, for support. */
  readonly requestId: string | undefined

  constructor({ status, error, description, errorUri, requestId }: TokenRequestFacts) {
    const heading = ['No access token', [status, error].filter((part) => part !== undefined).join(' ')]
    const about = [errorUri, requestId].filter((part) => part !== undefined).join(', ')
    super(`${heading.filter((part) => part !== '').join(': ')}. ${description}${about && ` (${about})`}`)
    this.status = status
    this.error = error
    this.description = description
    this.errorUri = errorUri
    this.requestId = requestId
  }
}

/** What an API said when it refused a call. */
export interface RefusalFacts {
  detail: string
  requestId: string | undefined
}

/**
 * An API answered 401 although the call had a token (RFC 6750 §3.1), and a newer token did not help or was
 * not tried: another one is requested after 30 seconds at the earliest.
 */
export class TokenRefusedError extends LatchkeyError {
  override readonly name = 'TokenRefusedError'
  readonly status = 401
  /** The API's own sentence, or ours when it gave none. */
  readonly detail: string
  /** The `Request-Id` of the answer, for support. */
  readonly requestId: string | undefined

  constructor({ detail, requestId }: RefusalFacts) {
    super(`The API refused the access token. ${detail}${requestId ? ` (${requestId})` : ''}`)
    this.detail = detail
    this.requestId = requestId
  }
}

/** What is known of a call that lacked a scope. */
export interface InsufficientScopeFacts extends RefusalFacts {
  required: readonly string[]
  granted: readonly string[]
  clientId: string
  environment: 'test' | 'production' | undefined
  fixUrl: string | undefined
}

/**
 * An API answered 403: the token lacks the scope that the call needs (RFC 6750 §3.1). A new token would not
 * help; the scope must be added to the API client, which `fixUrl` opens.
 *
 * @example
 * if (error instanceof InsufficientScopeError) console.error(`Add ${error.required.join(' ')}: ${error.fixUrl}`)
 */
export class InsufficientScopeError extends LatchkeyError {
  override readonly name = 'InsufficientScopeError'
  readonly status = 403
  /** The API's own sentence, or ours when it gave none. */
  readonly detail: string
  /** The scopes that the call needs. */
  readonly required: readonly string[]
  /** The scopes that the token has; empty when the API does not say. */
  readonly granted: readonly string[]
  readonly clientId: string
  /** undefined when neither the answer nor the client id shows it. */
  readonly environment: 'test' | 'production' | undefined
  /** The `Request-Id` of the answer, for support. */
  readonly requestId: string | undefined
  /** Where the scope is added to the client. */
  readonly fixUrl: string | undefined

  constructor(facts: InsufficientScopeFacts) {
    const fix = facts.fixUrl === undefined ? '' : ` ${facts.fixUrl}`
    super(`${facts.detail}${fix}${facts.requestId ? ` (${facts.requestId})` : ''}`)
    this.detail = facts.detail
    this.required = facts.required
    this.granted = facts.granted
    this.clientId = facts.clientId
    this.environment = facts.environment
    this.requestId = facts.requestId
    this.fixUrl = facts.fixUrl
  }
}
