import { Button, NativeSelect, SimpleGrid } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { api, read } from '../../api.ts'
import type { Environment } from '../../paths.ts'
import { useEnvironment, useSearch } from '../../routing.ts'
import { FilterField } from '../../ui/filter-field.tsx'
import { TimeFilter } from '../../ui/time-filter.tsx'
import * as words from '../../words/index.ts'
import { scopesQuery } from '../clients/queries.ts'

const text = words.logs.filters
const tokenEndpoint = 'POST /oauth/connect/token'

/** What the list is narrowed to. All of it stands in the address, so that it can be sent to a colleague. */
export function LogFilters({ withClient }: { withClient: boolean }) {
  const environment = useEnvironment()
  const [search, setSearch] = useSearch()
  const scopes = useQuery(scopesQuery(environment))
  const { kind = '', status = '' } = search
  const operations = new Set((scopes.data ?? []).flatMap(({ endpoints }) => endpoints.map(asRoute)))
  const statuses = Object.entries(text.statuses).map(([value, label]) => ({ value, label }))
  const isListed = statuses.some(({ value }) => value === status)
  return (
    <SimpleGrid
      cols={{ base: 2, sm: 3, lg: 6 }}
      spacing="sm"
      verticalSpacing="xs"
      style={{ alignItems: 'end' }}
    >
      <NativeSelect
        label={text.kind}
        value={kind}
        onChange={(event) => setSearch({ kind: event.currentTarget.value })}
        data={Object.entries(text.kinds).map(([value, label]) => ({ value, label }))}
      />
      <NativeSelect
        label={text.status}
        value={status}
        onChange={(event) => setSearch({ status: event.currentTarget.value })}
        data={isListed ? statuses : [...statuses, status]}
      />
      {withClient && <ClientFilter environment={environment} />}
      <FilterField
        name="operation"
        label={text.operation}
        maxLength={300}
        suggestions={[tokenEndpoint, ...operations].map((value) => ({ value }))}
      />
      <FilterField
        name="scope"
        label={text.scope}
        maxLength={64}
        suggestions={(scopes.data ?? []).map(({ name, description }) => ({
          value: name,
          label: description,
        }))}
      />
      <TimeFilter />
      {(['secretId', 'error'] as const).map(
        (name) =>
          search[name] && (
            <Button
              key={name}
              variant="default"
              aria-label={text.onlyAloud(text[name], search[name])}
              onClick={() => setSearch({ [name]: '' })}
            >
              {text.only(search[name])}
            </Button>
          ),
      )}
    </SimpleGrid>
  )
}

function ClientFilter({ environment }: { environment: Environment }) {
  const { data } = useQuery({
    queryKey: ['clients', environment, 'suggested'],
    queryFn: () =>
      read(
        api.GET('/account/{environment}/api-clients', {
          params: { path: { environment }, query: { limit: 100 } },
        }),
      ),
  })
  const suggestions = (data?.items ?? []).map(({ id, name }) => ({ value: id, label: name }))
  return <FilterField name="clientId" label={text.client} maxLength={128} suggestions={suggestions} />
}

/** `GET /signature/documents/{documentId}` as it is recorded: `GET /signature/documents/:documentId`. */
function asRoute(endpoint: string): string {
  return endpoint.replace(/\{(\w+)\}/g, ':$1')
}
