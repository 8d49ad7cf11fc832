import type { Catalogue } from '../../catalogue/catalogue.ts'
import { clientCredentials } from './client-credentials.ts'
import type { Grant, GrantOptions } from './grant.ts'

/** Every grant type that is offered. A new one: a file, and a line here. */
export function createGrants(catalogue: Catalogue, options: GrantOptions): readonly Grant[] {
  return [clientCredentials(catalogue, options)]
}
