// RFC 8707: where a token is to be used.
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { Environment } from '../vocabulary/environment.ts'
import { OAuthError } from '../vocabulary/oauth-error.ts'

export interface Target {
  audiences: readonly string[]
  scopes: readonly string[]
}

/**
 * The audiences of a token, and the scopes that go with them. Without `resource` they follow the scopes; with it
 * they are exactly those, and scopes of other APIs are left out (RFC 8707 §2.2).
 * @throws {OAuthError} `invalid_target` for what is no API of this environment, `invalid_scope` when no scope is left.
 */
export function resolveTarget(
  resources: readonly string[],
  scopes: readonly string[],
  environment: Environment,
  catalogue: Catalogue,
): Target {
  if (resources.length === 0) return { audiences: catalogue.audiences(scopes, environment), scopes }
  for (const resource of resources) {
    // RFC 8707 §2: an absolute URI without fragment; compared whole, as the guard does.
    if (!URL.canParse(resource) || resource.includes('#') || !catalogue.isAudience(resource, environment)) {
      throw new OAuthError(
        'invalid_target',
        'A resource is not the audience of an API in the environment of this client. Leave resource out, or send the audience exactly as the API is registered.',
      )
    }
  }
  const wanted = new Set(resources)
  const left = scopes.filter((scope) => wanted.has(catalogue.find(scope)?.audiences[environment] ?? ''))
  if (left.length > 0) return { audiences: [...wanted], scopes: left }
  throw new OAuthError(
    'invalid_scope',
    'None of the scopes belongs to the resource. Ask for a scope of that API, or leave resource out.',
  )
}
