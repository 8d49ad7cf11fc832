import { closest, distance } from 'fastest-levenshtein'
import type { Database } from '../database/tables.ts'
import type { Environment } from '../vocabulary/environment.ts'
import { listApis, listScopes, type StoredApi, type StoredScope } from './store.ts'

/** The APIs and scopes that there are, held in memory: what the token endpoint, metadata and docs read. */
export interface Catalogue {
  /** In the order of their ids. */
  apis: () => readonly StoredApi[]
  /** Every scope, in the order of the names; of APIs that are built in with the endpoints of their routes. */
  scopes: () => readonly StoredScope[]
  /** Those that are not retired. */
  inUse: () => readonly StoredScope[]
  /** Those that people may pick: not Latchkey's own, not retired. */
  offered: () => readonly StoredScope[]
  find: (scope: string) => StoredScope | undefined
  /** A scope that is offered and only a slip away, for "Did you mean". */
  suggest: (scope: string) => string | undefined
  /** Where a token with these scopes may be used: the audience of each API, once. */
  audiences: (scopes: readonly string[], environment: Environment) => string[]
  /** True for the audience of an API in this environment. */
  isAudience: (audience: string, environment: Environment) => boolean
  /** The clients that may introspect tokens with this audience. */
  resourceServers: (audience: string) => readonly string[]
  /** True for the resource server of any API. */
  isResourceServer: (clientId: string) => boolean
  /** Says which endpoints the scopes of built-in APIs unlock: `METHOD /path` by scope, as the routes say it. */
  learnEndpoints: (endpoints: ReadonlyMap<string, readonly string[]>) => void
  reload: () => Promise<void>
}

export async function openCatalogue(db: Database): Promise<Catalogue> {
  let apis: readonly StoredApi[] = []
  let known = new Map<string, StoredScope>()
  let builtInEndpoints: ReadonlyMap<string, readonly string[]> = new Map()
  let asked = 0
  let shown = 0

  const withEndpoints = (scope: StoredScope): StoredScope => {
    const endpoints = builtInEndpoints.get(scope.name)
    return endpoints ? { ...scope, endpoints } : scope
  }
  const reload = async () => {
    asked += 1
    const turn = asked
    const [foundApis, foundScopes] = await Promise.all([listApis(db), listScopes(db)])
    // Of two at once the one that asked later knows more, whichever is answered first.
    if (turn < shown) return
    shown = turn
    // Databases differ in how they order texts; pages go by this order.
    apis = foundApis.toSorted((one, other) => (one.id < other.id ? -1 : 1))
    known = new Map(
      foundScopes
        .toSorted((one, other) => (one.name < other.name ? -1 : 1))
        .map((scope) => [scope.name, withEndpoints(scope)]),
    )
  }
  const inUse = () => [...known.values()].filter((scope) => scope.retiredAt === null)
  const offered = () => inUse().filter((scope) => scope.access !== 'reserved')
  await reload()
  return {
    apis: () => apis,
    scopes: () => [...known.values()],
    inUse,
    offered,
    find: (scope) => known.get(scope),
    suggest(scope) {
      const names = offered().map(({ name }) => name)
      if (names.length === 0) return undefined
      const guess = closest(scope, names)
      // A third of the word may be wrong; more is another word.
      return distance(scope, guess) <= Math.max(2, guess.length / 3) ? guess : undefined
    },
    audiences(scopes, environment) {
      const found: string[] = []
      for (const scope of scopes) {
        const audience = known.get(scope)?.audiences[environment]
        if (audience !== undefined && !found.includes(audience)) found.push(audience)
      }
      return found
    },
    isAudience: (audience, environment) => apis.some((api) => api.audiences[environment] === audience),
    resourceServers: (audience) => [
      ...new Set(
        apis
          .filter(({ audiences }) => audiences.test === audience || audiences.production === audience)
          .flatMap((api) => api.resourceServers),
      ),
    ],
    isResourceServer: (clientId) => apis.some((api) => api.resourceServers.includes(clientId)),
    learnEndpoints(endpoints) {
      builtInEndpoints = endpoints
      known = new Map([...known].map(([name, scope]) => [name, withEndpoints(scope)]))
    },
    reload,
  }
}
