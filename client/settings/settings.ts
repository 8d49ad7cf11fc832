import { SettingsError } from '../errors.ts'
import type { Variables } from '../runtime.ts'

/** `fetch` as every runtime has it. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>

/** The secret itself, or a function that fetches it from where it is kept. */
export type SecretSource = string | (() => string | Promise<string>)

/** The arguments of `createClient`. Each may be left out where its environment variable is set. */
export interface ClientOptions {
  /** Where Latchkey is: an origin without path, https (http only on loopback). Else `LATCHKEY_URL`. */
  url?: string | undefined
  /** The API client's id. Else `LATCHKEY_CLIENT_ID`. */
  clientId?: string | undefined
  /**
   * The API client's secret, or a function that gets it. Else `LATCHKEY_CLIENT_SECRET`, or the file that
   * `LATCHKEY_CLIENT_SECRET_FILE` names. It is read at the first call, and once again when the server says
   * `invalid_client`: a secret that was rotated meanwhile is picked up.
   */
  clientSecret?: SecretSource | undefined
  /** The scopes to request, for example `['document_read']`. Else `LATCHKEY_SCOPES`, separated by spaces. */
  scopes?: readonly string[] | undefined
  /** Origins beside `url` that may receive the token: APIs that accept it, for example `['https://orders.example']`. */
  origins?: readonly string[] | undefined
  /** Sends every request, token requests too; the global `fetch` by default. It must follow the fetch standard. */
  fetch?: Fetch | undefined
  /** Renew a token that an API refuses with 401, and try once more. Default true. */
  retryOn401?: boolean | undefined
  /** Let `fetch` throw `TokenRefusedError` and `InsufficientScopeError` in place of a 401 or 403. Default false. */
  throwOnRefusal?: boolean | undefined
  /** Share tokens with every other client of this process that has the same settings. Default true. */
  shareTokens?: boolean | undefined
}

/** Where the secret comes from, once it is known that there is exactly one place. */
export type CredentialSource = { value: SecretSource } | { file: string } | { variable: string }

/** What `createClient` works with: complete and checked. */
export interface Settings {
  url: string
  tokenEndpoint: string
  clientId: string
  credential: CredentialSource
  /** Sorted, without repeats. */
  scopes: readonly string[]
  /** Every origin that may receive the token, that of `url` included. */
  origins: ReadonlySet<string>
  fetch: Fetch
  retryOn401: boolean
  throwOnRefusal: boolean
  shareTokens: boolean
}

/** @throws {SettingsError} with everything that is wrong, at once. */
export function readSettings(options: ClientOptions, variables: Variables): Settings {
  const problems: string[] = []
  const variable = (name: string) => variables[name] || undefined
  const required = (value: string | undefined, argument: string, name: string) => {
    const found = value || variable(name)
    if (!found) problems.push(`${argument} is missing: pass it to createClient or set ${name}.`)
    return found ?? ''
  }
  const address = required(options.url, 'url', 'LATCHKEY_URL')
  const url = address && readOrigin(address, options.url ? 'url' : 'LATCHKEY_URL', problems)
  const clientId = required(options.clientId, 'clientId', 'LATCHKEY_CLIENT_ID')
  const credential = readCredentialSource(options.clientSecret, variable, problems)
  const scopes = readScopes(options.scopes ?? variable('LATCHKEY_SCOPES')?.split(/\s+/), problems)
  const origins = (options.origins ?? []).map((origin) => readOrigin(origin, 'origins', problems))
  if (problems.length > 0 || !credential) throw new SettingsError(problems)
  return {
    url,
    tokenEndpoint: `${url}/oauth/connect/token`,
    clientId,
    credential,
    scopes,
    origins: new Set([url, ...origins]),
    // Looked up at each call: instrumentation may replace the global one later.
    fetch: options.fetch ?? ((input, init) => fetch(input, init)),
    retryOn401: options.retryOn401 ?? true,
    throwOnRefusal: options.throwOnRefusal ?? false,
    shareTokens: options.shareTokens ?? true,
  }
}

function readOrigin(text: string, name: string, problems: string[]): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const bare = url && `${url.origin}/` === url.href && /^https?:$/.test(url.protocol)
  if (!bare) problems.push(`${name} must be an origin without path, like https://latchkey.example.`)
  // RFC 6749 §3.2, RFC 6750 §5.2: secrets and tokens travel over TLS.
  else if (url.protocol === 'http:' && !isLoopback(url.hostname))
    problems.push(
      `${name} must begin with https: over http the secret and the token could be read on the way.`,
    )
  return url?.origin ?? ''
}

function isLoopback(host: string): boolean {
  return /^(?:.+\.)?localhost$|^127(?:\.\d+){3}$|^\[::1\]$/.test(host)
}

function readCredentialSource(
  value: SecretSource | undefined,
  variable: (name: string) => string | undefined,
  problems: string[],
): CredentialSource | undefined {
  if (value) return { value }
  const name = 'LATCHKEY_CLIENT_SECRET'
  const file = variable(`${name}_FILE`)
  const inVariable = variable(name) !== undefined
  if (inVariable && file) problems.push(`${name} and ${name}_FILE are both set: keep one of them.`)
  else if (inVariable) return { variable: name }
  else if (file) return { file }
  else
    problems.push(
      `clientSecret is missing: pass it to createClient, or set ${name} or ${name}_FILE (the path of a file that holds it).`,
    )
  return undefined
}

function readScopes(names: readonly string[] | undefined, problems: string[]): string[] {
  const scopes = [...new Set(names)].filter((name) => name !== '').sort()
  if (scopes.length === 0)
    problems.push(
      "scopes are missing: pass scopes: ['document_read'] to createClient or set LATCHKEY_SCOPES.",
    )
  // RFC 6749 §3.3; a comma is allowed there, but is the usual mistake.
  if (!scopes.every((name) => /^[!#-+\--[\]-~]+$/.test(name)))
    problems.push(
      'scopes are one name each: in LATCHKEY_SCOPES separated by spaces, without commas or quotes.',
    )
  return scopes
}
