import type { DpopKey } from '../calls/dpop.ts'
import { SettingsError } from '../errors.ts'
import type { Observe } from '../observation/measurement.ts'
import type { Variables } from '../runtime.ts'
import type { TokenStore } from '../store/token-store.ts'
import type { CredentialSource } from './credential.ts'
import type { ClientOptions, Fetch, SecretMethod } from './options.ts'

/** What `createClient` works with: complete and checked. */
export interface Settings {
  url: string
  tokenEndpoint: string
  /** The name of the authorization server (RFC 8414 §2). */
  issuer: string
  clientId: string
  credential: CredentialSource
  secretMethod: SecretMethod
  dpop: DpopKey | undefined
  /** Sorted, without repeats. */
  scopes: readonly string[]
  resource: string | undefined
  /** Every origin that may receive the token, that of `url` included. */
  origins: ReadonlySet<string>
  fetch: Fetch
  retryOn401: boolean
  throwOnRefusal: boolean
  shareTokens: boolean
  store: TokenStore | undefined
  observe: Observe | undefined
  onWarning: (message: string) => void
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
  const credential = readCredentialSource(options, variable, problems)
  const scopes = readScopes(options.scopes ?? variable('LATCHKEY_SCOPES')?.split(/\s+/), problems)
  const origins = (options.origins ?? []).map((origin) => readOrigin(origin, 'origins', problems))
  const { authentication, resource } = options
  // RFC 8707 §2.
  if (resource !== undefined && (!URL.canParse(resource) || resource.includes('#')))
    problems.push('resource must be the URI of an API without #, exactly as it is registered.')
  if (problems.length > 0 || !credential) throw new SettingsError(problems)
  return {
    url,
    tokenEndpoint: `${url}/oauth/connect/token`,
    issuer: `${url}/oauth`,
    clientId,
    credential,
    secretMethod: typeof authentication === 'string' ? authentication : 'client_secret_basic',
    dpop: options.dpop,
    scopes,
    resource,
    origins: new Set([url, ...origins]),
    // Looked up at each call: instrumentation may replace the global one later.
    fetch: options.fetch ?? ((input, init) => fetch(input, init)),
    retryOn401: options.retryOn401 ?? true,
    throwOnRefusal: options.throwOnRefusal ?? false,
    shareTokens: options.shareTokens ?? true,
    store: options.store,
    observe: options.observe,
    onWarning: options.onWarning ?? console.warn,
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
  { clientSecret: value, authentication }: ClientOptions,
  variable: (name: string) => string | undefined,
  problems: string[],
): CredentialSource | undefined {
  if (typeof authentication === 'object') {
    if (value)
      problems.push('clientSecret and authentication are both there: a client with a key has no secret.')
    return authentication
  }
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
  if (typeof names === 'string') {
    problems.push(`scopes must be a list: scopes: ['document_read'].`)
    return []
  }
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
