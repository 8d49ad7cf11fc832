// The door to the account API: as the member who is signed in, by a token from standard input, or as an API client.
import type { paths } from './account-types.ts'
import { CliError, exitCodeOf, exitCodes } from './exit.ts'
import { isRecord } from './json.ts'
import { type CallerSettings, hasCredentials } from './profile.ts'
import { findSession } from './session-file.ts'
import { openTokens } from './tokens.ts'
import { userAgent } from './version.ts'

type Method = 'get' | 'post' | 'patch' | 'delete'

/** The body of a good answer, by openapi.json. */
export type Answer<Path extends keyof paths, Verb extends keyof paths[Path]> = paths[Path][Verb] extends {
  responses: infer Responses
}
  ? Responses extends { 200: { content: { 'application/json': infer Body } } }
    ? Body
    : Responses extends { 201: { content: { 'application/json': infer Body } } }
      ? Body
      : undefined
  : never

/** What a request carries. */
export interface CallOptions {
  path?: Record<string, string>
  query?: Record<string, string | number | undefined>
  body?: object
  /** The ETag of the state that is changed. */
  ifMatch?: string
  /** Makes the request one that may be sent again: the answer is the same. */
  idempotencyKey?: string
  headers?: Record<string, string>
  signal?: AbortSignal
}

export interface AccountApi {
  /** @throws {CliError} for every refusal, with what the server says. */
  call: <Verb extends Method & keyof paths[Path], Path extends keyof paths>(
    verb: Verb,
    path: Path,
    options?: CallOptions,
  ) => Promise<{ body: Answer<Path, Verb>; etag: string | undefined }>
  /** An answer that goes on; the caller reads it. @throws {CliError} */
  open: (path: string, options?: CallOptions) => Promise<Response>
}

type Send = (url: string, init: RequestInit) => Promise<Response>

/** @param token from standard input: it comes before everything else. */
export function openAccountApi(settings: CallerSettings, token: string | undefined): AccountApi {
  return accountApi(settings.url, authorize(settings, token))
}

/** The account API by a way to send. */
export function accountApi(url: string, send: Send): AccountApi {
  async function open(verb: string, path: string, options: CallOptions): Promise<Response> {
    const { body, ifMatch, idempotencyKey, headers, signal } = options
    const init: RequestInit = {
      method: verb.toUpperCase(),
      headers: {
        'user-agent': userAgent,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(ifMatch !== undefined && { 'if-match': ifMatch }),
        ...(idempotencyKey !== undefined && { 'idempotency-key': idempotencyKey }),
        ...headers,
      },
      // A redirect of the account API is none of ours: nothing that we carry follows it.
      redirect: 'error',
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    }
    const address = `${url}${fill(path, options)}`
    const mayRepeat = verb === 'get' || idempotencyKey !== undefined
    const response = await send(address, init)
      .catch((error: unknown) => {
        if (!mayRepeat || signal?.aborted || error instanceof CliError) throw error
        return send(address, init)
      })
      .catch((error: unknown) => {
        if (!(error instanceof TypeError)) throw error
        throw new CliError(
          exitCodes.server,
          `Nothing answers at ${url}. Is the address right, and does it run?`,
        )
      })
    if (!response.ok) throw await refusalOf(response)
    return response
  }
  return {
    open: (path, options = {}) => open('get', path, options),
    async call(verb, path, options = {}) {
      const response = await open(verb, path, options)
      const text = await response.text()
      const body = text === '' ? undefined : JSON.parse(text)
      return { body, etag: response.headers.get('etag') ?? undefined }
    },
  }
}

function authorize(settings: CallerSettings, token: string | undefined): Send {
  if (token !== undefined) {
    const headers = { authorization: `Bearer ${token}` }
    return (url, init) => fetch(url, { ...init, headers: { ...asRecord(init.headers), ...headers } })
  }
  const session = findSession(settings.url)
  if (session) return sendWithSession(settings.url, session.cookie)
  if (!hasCredentials(settings))
    throw new CliError(
      exitCodes.authentication,
      `You are not signed in at ${settings.url}. Run latchkey login; in a script send an access token with --token-stdin, or set LATCHKEY_CLIENT_ID and LATCHKEY_CLIENT_SECRET_FILE of a client that may account_read.`,
    )
  return sendAsClient(settings)
}

/** As the browser of the member does: the cookie, and where it comes from. */
export function sendWithSession(url: string, cookie: string): Send {
  return (address, init) =>
    fetch(address, { ...init, headers: { ...asRecord(init.headers), cookie, origin: url } })
}

/** Reading needs account_read; a client that changes something has account_write, too. */
function sendAsClient(settings: CallerSettings): Send {
  const of = (scope: string) => openTokens(settings, [scope])
  const [reader, writer] = [of('account_read'), of('account_write')]
  return (url, init) => (init.method === 'GET' ? reader : writer).fetch(url, init)
}

function fill(path: string, { path: values = {}, query = {} }: CallOptions): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''))
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value))
  return search.size === 0 ? filled : `${filled}?${search}`
}

/** What the server refuses, as it says it (RFC 9457). */
async function refusalOf(response: Response): Promise<CliError> {
  const { status, headers } = response
  const parsed: unknown = await response.json().catch(() => undefined)
  const problem = isRecord(parsed) ? parsed : {}
  const text = (name: string) => (typeof problem[name] === 'string' ? problem[name] : undefined)
  const errors: unknown[] = Array.isArray(problem.errors) ? problem.errors : []
  const details = errors.flatMap((entry) => {
    if (!isRecord(entry)) return []
    const said = entry.detail ?? entry.message
    const where = entry.pointer ?? entry.field
    return typeof said === 'string' ? [typeof where === 'string' ? `${where}: ${said}` : said] : []
  })
  const signedOut = text('type')?.endsWith('/signed_out')
  const said = text('detail') ?? `The server answered ${status}.`
  return new CliError(exitCodeOf(status), signedOut ? `${said.split('.')[0]}. Run latchkey login.` : said, {
    code: text('type')?.split('/').at(-1),
    requestId: headers.get('request-id') ?? text('requestId'),
    fixUrl: text('fixUrl'),
    details,
  })
}

function asRecord(headers: RequestInit['headers']): Record<string, string> {
  return Object.fromEntries(new Headers(headers))
}
