import { Badge, Button, Group, Text, TextInput, Tooltip } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useState } from 'react'
import { api, read } from '../../api.ts'
import { paths, pathsOf } from '../../paths.ts'
import { useEnvironment, useSearch } from '../../routing.ts'
import { useMay } from '../../session.ts'
import { IdText } from '../../ui/copy.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { SearchIcon } from '../../ui/icons.tsx'
import { DocsLink, Link, LinkButton } from '../../ui/link.tsx'
import { Page } from '../../ui/page.tsx'
import { usePagedQuery } from '../../ui/paged-query.ts'
import { EmptyState, ErrorState, LoadingState } from '../../ui/states.tsx'
import { Time } from '../../ui/time.tsx'
import { words } from '../../words/index.ts'

const text = words.clients.list

/** Account → API Clients: ten thousand stay fast, because search and pages are the server's. */
export function ClientsPage() {
  const environment = useEnvironment()
  const [{ search = '' }, setSearch] = useSearch()
  const [typed, setTyped] = useState(search)
  const look = useDebouncedCallback((wish: string) => setSearch({ search: wish }), 250)
  const mayCreate = useMay('clients:write')
  const to = pathsOf(environment)
  const query = usePagedQuery(['clients', environment, search], (cursor) =>
    read(
      api.GET('/account/{environment}/api-clients', {
        params: { path: { environment }, query: { ...(search && { search }), ...(cursor && { cursor }) } },
      }),
    ),
  )
  const create = mayCreate && <LinkButton href={to.newClient}>{text.create}</LinkButton>
  const isEmpty = query.isSuccess && query.items.length === 0
  const type = (wish: string) => {
    setTyped(wish)
    look(wish)
  }
  return (
    <Page title={text.title} lead={text.lead} action={create}>
      {!(isEmpty && search === '') && (
        <TextInput
          type="search"
          aria-label={text.search}
          placeholder={text.search}
          leftSection={<SearchIcon />}
          maw={360}
          value={typed}
          onChange={(event) => type(event.currentTarget.value)}
        />
      )}
      {query.isPending && <LoadingState />}
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      {isEmpty && search === '' && (
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
      {isEmpty && search !== '' && (
        <Group gap="sm">
          <Text>{text.nothing}</Text>
          <Button variant="default" size="xs" onClick={() => type('')}>
            {text.clear}
          </Button>
        </Group>
      )}
      {query.items.length > 0 && (
        <DataTable
          label={text.title}
          columns={columnsFor(to.client)}
          rows={query.items}
          keyOf={({ id }) => id}
          minWidth={760}
        />
      )}
      {query.hasNextPage && (
        <div>
          <Button variant="default" loading={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>
            {words.common.more}
          </Button>
        </div>
      )}
    </Page>
  )
}

interface Row {
  id: string
  name: string
  state: 'active' | 'disabled' | 'deleted'
  scopes: string[]
  lastUsedAt: string | null
}

function columnsFor(address: (clientId: string) => string): readonly Column<Row>[] {
  return [
    { key: 'name', title: text.columns.name, show: ({ id, name }) => <Link href={address(id)}>{name}</Link> },
    {
      key: 'id',
      title: text.columns.clientId,
      show: ({ id }) => <IdText id={id} what={text.columns.clientId} />,
    },
    {
      key: 'scopes',
      title: text.columns.scopes,
      show: ({ scopes }) =>
        scopes.length === 0 ? (
          text.noScopes
        ) : (
          <Tooltip label={scopes.join(' ')} multiline maw={360}>
            <span>{text.scopeCount(scopes.length)}</span>
          </Tooltip>
        ),
    },
    {
      key: 'used',
      title: text.columns.lastUsed,
      show: ({ lastUsedAt }) => (lastUsedAt === null ? words.common.never : <Time iso={lastUsedAt} />),
    },
    { key: 'state', title: text.columns.state, show: ({ state }) => <Badge>{text[state]}</Badge> },
  ]
}
