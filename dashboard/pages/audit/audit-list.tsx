import { Button, Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useSearch } from '../../routing.ts'
import { useMay } from '../../session.ts'
import { DataTable } from '../../ui/data-table.tsx'
import { usePagedQuery } from '../../ui/paged-query.ts'
import { MoreButton } from '../../ui/query-state.tsx'
import { EmptyState, ErrorState, LoadingState } from '../../ui/states.tsx'
import { timeWishOf } from '../../ui/time-filter.tsx'
import * as words from '../../words/index.ts'
import { membersQuery } from '../members/queries.ts'
import { auditColumns } from './audit-columns.tsx'
import { AuditFilters } from './audit-filters.tsx'
import { type AuditFilter, type AuditPage, auditFilterNames, filterOfSearch, withPeriod } from './filter.ts'

export type { AuditFilter } from './filter.ts'

const text = words.audit

/**
 * Who changed what, when, from where; filters in the address.
 * @param queryKey one for each trail.
 * @param ofDeployment of all accounts: each entry says whose it is, and members are known by their ids alone.
 */
export function AuditList({
  queryKey,
  fetchPage,
  ofDeployment = false,
}: {
  queryKey: string
  fetchPage: (filter: AuditFilter, cursor: string | undefined) => Promise<AuditPage>
  ofDeployment?: boolean
}) {
  const [search, setSearch] = useSearch()
  const mayReadMembers = useMay('members:read')
  const filter = filterOfSearch(search)
  const query = usePagedQuery([queryKey, filter, timeWishOf(search)], (cursor) =>
    fetchPage(withPeriod(filter, search), cursor),
  )
  const members = useQuery({ ...membersQuery, enabled: mayReadMembers && !ofDeployment })
  const names = new Map(members.data?.items.map(({ id, name }) => [id, name]))
  const isNarrowed = auditFilterNames.some((name) => search[name])
  // A page may be empty while there are more.
  const isEmpty = query.isSuccess && query.items.length === 0 && !query.hasNextPage
  const clear = isNarrowed && (
    <Button
      variant="default"
      size="xs"
      onClick={() => setSearch(Object.fromEntries(auditFilterNames.map((name) => [name, ''])))}
    >
      {words.ui.clearFilters}
    </Button>
  )
  return (
    <Stack>
      <AuditFilters members={members.data?.items ?? []} ofDeployment={ofDeployment} />
      {query.isPending && <LoadingState />}
      {query.isError && (
        <>
          <ErrorState error={query.error} onRetry={() => query.refetch()} />
          <div>{clear}</div>
        </>
      )}
      {isEmpty && isNarrowed && (
        <Group gap="sm">
          <Text>{words.ui.nothingMatches}</Text>
          {clear}
        </Group>
      )}
      {isEmpty && !isNarrowed && <EmptyState title={text.empty} body={text.emptyBody} action={null} />}
      {query.items.length > 0 && (
        <DataTable
          label={text.title}
          columns={auditColumns({ names, ofDeployment })}
          rows={query.items}
          keyOf={({ id }) => id}
          minWidth={900}
        />
      )}
      <MoreButton query={query} />
    </Stack>
  )
}
