import '@mantine/spotlight/styles.css'
import { Spotlight, spotlight } from '@mantine/spotlight'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { api, read } from '../api.ts'
import { type Environment, pathsOf } from '../paths.ts'
import { useGo } from '../routing.ts'
import { SearchIcon } from '../ui/icons.tsx'
import * as words from '../words/index.ts'
import type { NavigationGroup } from './navigation.tsx'

/** Ctrl K: goes to a page, to a client by its name or id, to an entry by its request id. */
export default function Palette({
  groups,
  environment,
  searches,
}: {
  groups: readonly NavigationGroup[]
  environment: Environment | undefined
  /** Counts how often somebody wanted to look for something: each time it opens. */
  searches: number
}) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the count is what opens it
  useEffect(() => spotlight.open(), [searches])
  const [query, setQuery] = useState('')
  const go = useGo()
  const wish = query.trim()
  const found = useQuery({
    queryKey: ['palette', environment, wish],
    enabled: environment !== undefined && wish.length >= 2,
    queryFn: () =>
      read(
        api.GET('/account/{environment}/api-clients', {
          params: { path: { environment: environment ?? 'test' }, query: { search: wish, limit: 8 } },
        }),
      ),
  })
  const pages = groups
    .flatMap(({ entries }) => entries)
    .filter(({ label }) => label.toLowerCase().includes(wish.toLowerCase()))
  const clients = wish.length >= 2 ? (found.data?.items ?? []) : []
  const isRequestId = environment !== undefined && /^req_[0-9a-f-]{36}$/.test(wish)
  const to = environment === undefined ? undefined : pathsOf(environment)
  return (
    <Spotlight.Root
      query={query}
      onQueryChange={setQuery}
      shortcut={null}
      attributes={{ content: { 'aria-label': words.shell.search } }}
      scrollable
      maxHeight={420}
    >
      <Spotlight.Search
        placeholder={words.shell.searchPages}
        aria-label={words.shell.searchPages}
        leftSection={<SearchIcon />}
      />
      <Spotlight.ActionsList>
        {to && isRequestId && (
          <Spotlight.Action
            label={wish}
            description={words.shell.pages.logs}
            onClick={() => go(to.logEntry(wish))}
          />
        )}
        {to &&
          clients.map((client) => (
            <Spotlight.Action
              key={client.id}
              label={client.name}
              description={client.id}
              onClick={() => go(to.client(client.id))}
            />
          ))}
        {pages.map((entry) => (
          <Spotlight.Action key={entry.href} label={entry.label} onClick={() => go(entry.href)} />
        ))}
        {pages.length + clients.length === 0 && !isRequestId && (
          <Spotlight.Empty>{words.shell.searchNothing}</Spotlight.Empty>
        )}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  )
}
