import { Button, Group, SegmentedControl, Text, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, read } from '../../api.ts'
import { paths, pathsOf } from '../../paths.ts'
import { useEnvironment, useSearch } from '../../routing.ts'
import { useMay } from '../../session.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { SearchIcon } from '../../ui/icons.tsx'
import { DocsLink, LinkButton } from '../../ui/link.tsx'
import { Page } from '../../ui/page.tsx'
import { usePagedQuery } from '../../ui/paged-query.ts'
import { MoreButton, QueryState } from '../../ui/query-state.tsx'
import { EmptyState } from '../../ui/states.tsx'
import * as words from '../../words/index.ts'
import { clientColumns } from './list-columns.tsx'
import { reuseQuery } from './queries.ts'

const text = words.clients.list
const states = ['active', 'disabled', 'deleted'] as const

/** Account → API Clients: ten thousand stay fast, because search, filter and pages are the server's. */
export function ClientsPage() {
  const environment = useEnvironment()
  const [{ search = '', state: wanted }, setSearch] = useSearch()
  const state = states.find((name) => name === wanted)
  const [typed, setTyped] = useState(search)
  const look = useDebouncedCallback((wish: string) => setSearch({ search: wish }), 250)
  const mayCreate = useMay('clients:write')
  const mayReadUse = useMay('activity:read')
  const to = pathsOf(environment)
  const query = usePagedQuery(['clients', environment, search, state ?? null], (cursor) =>
    read(
      api.GET('/account/{environment}/api-clients', {
        params: {
          path: { environment },
          query: {
            ...(search !== '' && { search }),
            ...(state !== undefined && { state }),
            ...(cursor !== undefined && { cursor }),
          },
        },
      }),
    ),
  )
  // One question for all rows: of the clients with the most traffic.
  const reuse = useQuery({ ...reuseQuery(environment), enabled: mayReadUse })
  const verdicts = new Map(reuse.data?.items.map(({ clientId, verdict }) => [clientId, verdict]))
  const create = mayCreate && <LinkButton href={to.newClient}>{text.create}</LinkButton>
  const isNarrowed = search !== '' || state !== undefined
  const isEmpty = query.isSuccess && query.items.length === 0
  const type = (wish: string) => {
    setTyped(wish)
    look(wish)
  }
  const clear = () => {
    setTyped('')
    setSearch({ search: undefined, state: undefined })
  }
  return (
    <Page title={text.title} lead={text.lead} action={create}>
      <Group gap="sm">
        <TextInput
          type="search"
          aria-label={text.search}
          placeholder={text.search}
          leftSection={<SearchIcon />}
          flex="1 1 14rem"
          maw={360}
          maxLength={130}
          value={typed}
          onChange={(event) => type(event.currentTarget.value)}
        />
        <SegmentedControl
          aria-label={text.state}
          size="xs"
          value={state ?? 'all'}
          onChange={(name) => setSearch({ state: name === 'all' ? undefined : name })}
          data={Object.entries(text.states).map(([value, label]) => ({ value, label }))}
        />
      </Group>
      <QueryState query={query} />
      {isEmpty && !isNarrowed && (
        <EmptyState
          title={text.empty(words.shell[environment])}
          body={text.emptyBody}
          action={
            <>
              {create}
              <DocsLink href={paths.docs}>{text.readTokens}</DocsLink>
            </>
          }
        />
      )}
      {isEmpty && isNarrowed && (
        <Group gap="sm">
          <Text>{text.nothing}</Text>
          <Button variant="default" size="xs" onClick={clear}>
            {text.clear}
          </Button>
        </Group>
      )}
      {query.items.length > 0 && (
        <DataTable
          label={text.title}
          columns={clientColumns(environment, { verdicts, mayWrite: mayCreate })}
          rows={query.items}
          keyOf={({ id }) => id}
          minWidth={980}
        />
      )}
      <MoreButton query={query} />
    </Page>
  )
}
