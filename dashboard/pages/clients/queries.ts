// What the pages of API clients ask, and how each answer is called.
import { queryOptions } from '@tanstack/react-query'
import { api, queryClient, read, readVersioned, type Versioned } from '../../api.ts'
import type { paths } from '../../openapi-types.ts'
import type { Environment } from '../../paths.ts'

type Answer<Operation> = Operation extends {
  responses: { 200: { content: { 'application/json': infer Body } } }
}
  ? Body
  : never

export type Client = Answer<paths['/account/{environment}/api-clients/{clientId}']['get']>
/** After a change that may have ended something. */
export type Changed = Answer<paths['/account/{environment}/api-clients/{clientId}']['patch']>
export type ListedClient = Answer<paths['/account/{environment}/api-clients']['get']>['items'][number]
export type Secret = Answer<
  paths['/account/{environment}/api-clients/{clientId}/secrets']['get']
>['items'][number]
export type Scope = Answer<paths['/account/scopes']['get']>['items'][number]
export type Reuse = Answer<paths['/account/{environment}/reuse']['get']>

/** The client with its ETag. */
export function clientQuery(environment: Environment, clientId: string) {
  return queryOptions({
    queryKey: ['client', environment, clientId],
    queryFn: (): Promise<Versioned<Client>> =>
      readVersioned(
        api.GET('/account/{environment}/api-clients/{clientId}', {
          params: { path: { environment, clientId } },
        }),
      ),
  })
}

export function secretsQuery(environment: Environment, clientId: string) {
  return queryOptions({
    queryKey: ['secrets', environment, clientId],
    queryFn: async () => {
      const call = api.GET('/account/{environment}/api-clients/{clientId}/secrets', {
        params: { path: { environment, clientId } },
      })
      return (await read(call)).items
    },
    // Who decides over a secret looks at who uses it now.
    refetchInterval: 15_000,
  })
}

/** Every scope there is, as the account may have it in this environment. */
export function scopesQuery(environment: Environment) {
  return queryOptions({
    queryKey: ['scopes', environment],
    staleTime: 60_000,
    queryFn: () =>
      allPages((cursor) =>
        read(
          api.GET('/account/scopes', {
            params: { query: { environment, limit: 100, ...(cursor !== undefined && { cursor }) } },
          }),
        ),
      ),
  })
}

/** The APIs whose calls are made here: those of this service itself. */
export const builtInApisQuery = queryOptions({
  queryKey: ['built-in-apis'],
  staleTime: 60_000,
  queryFn: async () => {
    const apis = await allPages((cursor) =>
      read(
        api.GET('/account/apis', {
          params: { query: { limit: 100, ...(cursor !== undefined && { cursor }) } },
        }),
      ),
    )
    return new Set(apis.filter(({ builtIn }) => builtIn).map(({ id }) => id))
  },
})

export function reuseQuery(environment: Environment, clientId?: string) {
  return queryOptions({
    queryKey: ['reuse', environment, clientId ?? null],
    queryFn: () =>
      read(
        api.GET('/account/{environment}/reuse', {
          params: {
            path: { environment },
            query: { hours: 24, ...(clientId !== undefined && { clientId }) },
          },
        }),
      ),
  })
}

export function scopeUseQuery(environment: Environment, clientId: string) {
  return queryOptions({
    queryKey: ['scope-use', environment, clientId],
    queryFn: () =>
      read(
        api.GET('/account/{environment}/api-clients/{clientId}/unused-scopes', {
          params: { path: { environment, clientId } },
        }),
      ),
  })
}

export function hostUseQuery(environment: Environment) {
  return queryOptions({
    queryKey: ['host-use', environment],
    queryFn: () =>
      read(api.GET('/account/{environment}/deprecated-host-use', { params: { path: { environment } } })),
  })
}

const callsCounted = 100

/** What a client did in the last hour, for who wants to end that; 100 stands for more, too. */
export function lastHourQuery(environment: Environment, clientId: string) {
  return queryOptions({
    queryKey: ['last-hour', environment, clientId],
    staleTime: 0,
    queryFn: async () => {
      const from = new Date(Date.now() - 3_600_000).toISOString()
      const { items } = await read(
        api.GET('/account/{environment}/activity', {
          params: { path: { environment }, query: { clientId, from, limit: callsCounted } },
        }),
      )
      // What was refused does not begin to fail.
      return { calls: items.filter(({ granted }) => granted).length, isMore: items.length === callsCounted }
    },
  })
}

async function allPages<Item>(
  fetchPage: (cursor: string | undefined) => Promise<{ items: Item[]; nextCursor: string | null }>,
): Promise<Item[]> {
  const all: Item[] = []
  let cursor: string | undefined
  do {
    const page = await fetchPage(cursor)
    all.push(...page.items)
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
  return all
}

/** After a change of a client: what shows it is asked again. */
export async function clientChanged(environment: Environment, clientId: string): Promise<void> {
  await Promise.all(
    [
      ['client', environment, clientId],
      ['secrets', environment, clientId],
      ['scope-use', environment, clientId],
      ['clients', environment],
    ].map((queryKey) => queryClient.invalidateQueries({ queryKey })),
  )
}
