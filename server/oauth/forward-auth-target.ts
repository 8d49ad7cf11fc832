// What a proxy asks about: the API and the scope. They are the operator's; a caller must not be able to choose them.
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { ForwardedCall } from '../http/forwarded-call.ts'
import type { HttpRequest } from '../http/server.ts'
import type { Environment } from '../vocabulary/environment.ts'
import { Problem } from '../vocabulary/problem.ts'

export interface ForwardAuthTarget {
  /** The audience that the token must have. */
  resource: string
  environment: Environment
  scope: string
  /** Where callers reach the API: what a DPoP proof may name. */
  origin: string
  /** The call, where the address of the request itself says it. */
  call?: ForwardedCall
}

/**
 * Reads `?resource=URI&scope=NAME`, or `/RESOURCE/SCOPE/…` from a proxy that can only put something in front of the
 * caller's own path (Envoy).
 * @throws {Problem} `invalid_request` (400) saying what the operator has to mend.
 */
export function readTarget(request: HttpRequest, catalogue: Catalogue): ForwardAuthTarget {
  const { url = '' } = request.raw
  const [path = '', query = ''] = splitAt(url, '?')
  const inPath = /^\/oauth\/forward-auth\/([^/]+)\/([^/]+)(\/.*)?$/.exec(path)
  if (inPath) {
    const [, resource = '', scope = '', rest = '/'] = inPath
    // Whatever follows is the caller's, its query above all: no parameter of it is one of ours.
    const target = url.includes('?') ? `${rest}?${query}` : rest
    const call = { method: request.method, target }
    return { ...check(decode(resource), decode(scope), undefined, catalogue), call }
  }
  const parameters = new URLSearchParams(query)
  for (const name of parameters.keys()) {
    if (name !== 'resource' && name !== 'scope' && name !== 'origin')
      throw wrong(
        'There is a parameter beside resource, scope and origin. The proxy must not pass on the query of its callers here.',
      )
    if (parameters.getAll(name).length > 1)
      throw wrong(
        `The parameter ${name} is there more than once. The proxy must not pass on the query of its callers here.`,
      )
  }
  const [resource, scope] = [parameters.get('resource'), parameters.get('scope')]
  if (!resource)
    throw wrong(
      'The parameter resource is missing: the audience of the API, e.g. resource=https://orders.example.',
    )
  if (!scope)
    throw wrong('The parameter scope is missing: the scope that the call needs, e.g. scope=orders_read.')
  return check(resource, scope, parameters.get('origin') ?? undefined, catalogue)
}

function check(
  resource: string,
  scope: string,
  origin: string | undefined,
  catalogue: Catalogue,
): ForwardAuthTarget {
  const environment = (['production', 'test'] as const).find((each) => catalogue.isAudience(resource, each))
  if (!environment)
    throw wrong(
      'The resource is not the audience of an API. Register the API, and write the audience exactly as it is there; each environment has its own.',
    )
  if (catalogue.find(scope)?.audiences[environment] !== resource)
    throw wrong('The scope is not one of this API. Name one of its scopes exactly as it is registered.')
  return { resource, environment, scope, origin: originOf(origin ?? resource, origin !== undefined) }
}

/** Of an audience that is no address there is none, and no proof can name it. */
function originOf(text: string, isGiven: boolean): string {
  const url = URL.parse(text)
  const isAddress = url?.protocol === 'https:' || url?.protocol === 'http:'
  if (url && isAddress && (!isGiven || text === url.origin)) return url.origin
  if (!isGiven) return 'none:'
  throw wrong('The parameter origin is not one: scheme, host and port, e.g. origin=https://orders.example.')
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw wrong('The path is not percent-encoded UTF-8.')
  }
}

function splitAt(text: string, separator: string): [string, string] {
  const index = text.indexOf(separator)
  return index === -1 ? [text, ''] : [text.slice(0, index), text.slice(index + 1)]
}

function wrong(what: string): Problem {
  return new Problem('invalid_request', `The proxy asks wrongly. ${what} See /docs/protect-your-own-api.`)
}
