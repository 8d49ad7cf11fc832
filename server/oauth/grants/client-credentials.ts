import type { Catalogue } from '../../catalogue/catalogue.ts'
import { readScopes, resolveScopes } from '../scope.ts'
import type { Grant } from './grant.ts'

/** RFC 6749 §4.4: the client acts for itself. */
export function clientCredentials(catalogue: Catalogue): Grant {
  return {
    name: 'client_credentials',
    grant: (request, client) => ({
      scopes: resolveScopes(readScopes(request.parameters.get('scope')), client, catalogue),
    }),
  }
}
