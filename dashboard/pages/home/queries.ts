import { queryOptions } from '@tanstack/react-query'
import { api, read } from '../../api.ts'

/** How far an account is on the way to its first call. */
export interface FirstCallState {
  client: { id: string; createdAt: string } | undefined
  hasToken: boolean
  /** The newest request, when it was refused: it says what to do. */
  refused: { requestId: string } | undefined
  /** `seconds` after its client was made; undefined when that is too long ago to be told. */
  call: { requestId: string; seconds: number | undefined } | undefined
}

const fewEntries = 100
/** Who took longer than an hour was not trying all the time. */
const toldUpToSeconds = 3600
/** So long it is news. */
const toldForMs = 24 * 3_600_000

/** Looked at every two seconds until the first call: what happens in a terminal ticks here, too. */
export const firstCallQuery = queryOptions({
  queryKey: ['first-call'],
  refetchInterval: ({ state }) => (state.data?.call ? false : 2000),
  staleTime: 0,
  queryFn: async (): Promise<FirstCallState> => {
    const path = { environment: 'test' as const }
    const [clients, newest, calls] = await Promise.all([
      read(api.GET('/account/{environment}/api-clients', { params: { path, query: { limit: fewEntries } } })),
      read(api.GET('/account/{environment}/activity', { params: { path, query: { limit: fewEntries } } })),
      read(
        api.GET('/account/{environment}/activity', {
          params: { path, query: { kind: 'api_call', status: '2xx', limit: fewEntries } },
        }),
      ),
    ])
    const [last] = newest.items
    const first = calls.items.at(-1)
    const maker = clients.items.find(({ id }) => id === first?.clientId)
    return {
      client: clients.items.find(({ state }) => state === 'active'),
      hasToken: newest.items.some(({ kind, granted }) => kind === 'token_request' && granted),
      refused: last && !last.granted ? { requestId: last.requestId } : undefined,
      call: first && {
        requestId: first.requestId,
        // The first of all is known only while one page holds them all.
        seconds: maker && calls.nextCursor === null ? secondsBetween(maker.createdAt, first.at) : undefined,
      },
    }
  },
})

function secondsBetween(createdAt: string, calledAt: string): number | undefined {
  const calledMs = Date.parse(calledAt)
  const seconds = Math.max(1, Math.round((calledMs - Date.parse(createdAt)) / 1000))
  return seconds <= toldUpToSeconds && Date.now() - calledMs <= toldForMs ? seconds : undefined
}
