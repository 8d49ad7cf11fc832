import type { Catalogue } from '../../catalogue/catalogue.ts'
import { readScopes, resolveScopes } from '../scope.ts'
import type { Grant, GrantOptions } from './grant.ts'

/** RFC 6749 §4.4: the client acts for itself. */
export function clientCredentials(catalogue: Catalogue, { onDeprecatedScope }: GrantOptions): Grant {
  return {
    name: 'client_credentials',
    grant(request, client) {
      const scopes = resolveScopes(readScopes(request.parameters.get('scope')), client, catalogue)
      for (const name of scopes) {
        const scope = catalogue.find(name)
        if (scope && scope.deprecatedAt !== null) onDeprecatedScope(client, scope)
      }
      return { scopes }
    },
  }
}
