import { queryOptions } from '@tanstack/react-query'
import { api, read } from '../../api.ts'
import type { paths } from '../../openapi-types.ts'
import type { Environment } from '../../paths.ts'
import type { Search } from '../../routing.ts'
import { periodOf, timeFilterNames, type timeWishOf } from '../../ui/time-filter.tsx'

type Answer<Operation> = Operation extends {
  responses: { 200: { content: { 'application/json': infer Body } } }
}
  ? Body
  : never

export type EntryPage = Answer<paths['/account/{environment}/activity']['get']>
export type Entry = EntryPage['items'][number]
export type Counts = Answer<paths['/account/{environment}/activity/counts']['get']>

/** What a list of entries is narrowed to, but for the time. */
export interface LogFilter {
  kind?: 'token_request' | 'api_call'
  clientId?: string
  status?: string
  operation?: string
  scope?: string
  error?: string
  secretId?: string
}

export type LogTime = ReturnType<typeof timeWishOf>

const texts = ['clientId', 'status', 'operation', 'scope', 'error', 'secretId'] as const

/** The names in the address, for who clears all filters. */
export const logFilterNames: readonly string[] = ['kind', ...texts, ...timeFilterNames]

/** Reads the filter of an address; what is no filter is left out. */
export function filterOfSearch(search: Search): LogFilter {
  const kind = search.kind === 'token_request' || search.kind === 'api_call' ? search.kind : undefined
  const named = texts.flatMap((name) => (search[name] ? [[name, search[name]]] : []))
  return { ...Object.fromEntries(named), ...(kind && { kind }) }
}

export function fetchEntries(
  environment: Environment,
  filter: LogFilter,
  time: LogTime,
  cursor: string | undefined,
): Promise<EntryPage> {
  const query = { ...filter, ...periodOf(time, Date.now()), ...(cursor !== undefined && { cursor }) }
  return read(api.GET('/account/{environment}/activity', { params: { path: { environment }, query } }))
}

export function entryQuery(environment: Environment, requestId: string) {
  return queryOptions({
    queryKey: ['log-entry', environment, requestId],
    queryFn: () =>
      read(
        api.GET('/account/{environment}/activity/{requestId}', {
          params: { path: { environment, requestId } },
        }),
      ),
  })
}

export type Interval = Counts['interval']

/** Of the last 24 hours by the hour, of the last 30 days by the day. */
export function countsQuery(environment: Environment, interval: Interval = 'hour') {
  return queryOptions({
    queryKey: ['log-counts', environment, interval],
    // What happens shows within seconds; numbers that nobody waits for are asked for less often.
    refetchInterval: ({ state }) => (isQuiet(state.data) ? 2000 : 15_000),
    staleTime: 0,
    queryFn: () =>
      read(
        api.GET('/account/{environment}/activity/counts', {
          params: { path: { environment }, query: { interval } },
        }),
      ),
  })
}

export function isQuiet(counts: Counts | undefined): boolean {
  return counts === undefined || counts.series.every(({ granted, refused }) => granted + refused === 0)
}
