import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { api, read } from '../api.ts'
import { type Environment, pathsOf } from '../paths.ts'

/** Few letters find too much, and a client has none of one letter. */
const fewestLetters = 2

/** Clients whose name or id holds what is looked for. The operator's pages belong to no environment: none. */
export function useFoundClients(environment: Environment | undefined, wish: string) {
  const [search] = useDebouncedValue(wish, 120)
  const isWanted = environment !== undefined && search.length >= fewestLetters
  const found = useQuery({
    queryKey: ['palette', environment, search],
    enabled: isWanted,
    placeholderData: keepPreviousData,
    queryFn: () =>
      read(
        api.GET('/account/{environment}/api-clients', {
          params: { path: { environment: environment ?? 'test' }, query: { search, limit: 8 } },
        }),
      ),
  })
  if (!isWanted || wish.length < fewestLetters) return []
  const to = pathsOf(environment)
  return (found.data?.items ?? []).map(({ id, name }) => ({ href: to.client(id), label: name, note: id }))
}
