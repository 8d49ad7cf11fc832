import { closest, distance } from 'fastest-levenshtein'
import type { Database } from '../database/tables.ts'
import type { Environment } from '../vocabulary/environment.ts'
import { listScopes, type StoredScope } from './store.ts'

/** The scopes of all APIs, held in memory: what the token endpoint, metadata and docs read. */
export interface Catalogue {
  scopes: () => readonly StoredScope[]
  /** Those that people may pick: not Latchkey's own, not retired. */
  offered: () => readonly StoredScope[]
  find: (scope: string) => StoredScope | undefined
  /** A known scope that is only a slip away, for "Did you mean". */
  suggest: (scope: string) => string | undefined
  /** Where a token with these scopes may be used: the audience of each API, once. */
  audiences: (scopes: readonly string[], environment: Environment) => string[]
  /** The clients that may introspect tokens with this audience. */
  resourceServers: (audience: string) => readonly string[]
  /** True for the resource server of any API. */
  isResourceServer: (clientId: string) => boolean
  reload: () => Promise<void>
}

export async function openCatalogue(db: Database): Promise<Catalogue> {
  let known = new Map<string, StoredScope>()
  const reload = async () => {
    known = new Map((await listScopes(db)).map((scope) => [scope.name, scope]))
  }
  await reload()
  return {
    scopes: () => [...known.values()],
    offered: () =>
      [...known.values()].filter((scope) => scope.access !== 'reserved' && scope.retiredAt === null),
    find: (scope) => known.get(scope),
    suggest(scope) {
      if (known.size === 0) return undefined
      const guess = closest(scope, [...known.keys()])
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
    resourceServers: (audience) => [
      ...new Set(
        [...known.values()]
          .filter((scope) => Object.values(scope.audiences).includes(audience))
          .flatMap((scope) => scope.resourceServers),
      ),
    ],
    isResourceServer: (clientId) =>
      [...known.values()].some((scope) => scope.resourceServers.includes(clientId)),
    reload,
  }
}
