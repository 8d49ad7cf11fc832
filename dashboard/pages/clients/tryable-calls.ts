import type { Scope } from './queries.ts'

/** A call that needs nothing but a token. */
export interface TryableCall {
  scope: string
  path: string
}

/** What a client with these scopes can call here without any data: reading lists. The one of the docs comes first. */
export function tryableCalls(
  clientScopes: readonly string[],
  scopes: readonly Scope[],
  builtIn: ReadonlySet<string>,
): TryableCall[] {
  return scopes
    .filter(({ name, api, access, retiredAt }) => {
      const isOpen = access !== 'reserved' && retiredAt === null
      return isOpen && clientScopes.includes(name) && builtIn.has(api)
    })
    .flatMap(({ name, endpoints }) =>
      endpoints
        .filter((endpoint) => /^GET \/[^{}]*$/.test(endpoint))
        .map((endpoint) => ({ scope: name, path: endpoint.slice('GET '.length) })),
    )
    .sort((one, other) => Number(other.scope === 'document_read') - Number(one.scope === 'document_read'))
}
