import { Button, Group, NativeSelect, Text } from '@mantine/core'
import { useSearch } from '../../routing.ts'
import { IdText } from '../../ui/copy.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { usePagedQuery } from '../../ui/paged-query.ts'
import { EmptyState, ErrorState, LoadingState } from '../../ui/states.tsx'
import { TextFilter } from '../../ui/text-filter.tsx'
import { Time } from '../../ui/time.tsx'
import { words } from '../../words/index.ts'
import { Differences } from './differences.tsx'

const text = words.audit

/** An entry, as the account or the operator sees it. */
export interface AuditEntry {
  id: string
  at: string
  environment: 'test' | 'production' | null
  actor: { kind: string; id: string }
  address: string | null
  action: string
  object: { kind: string; id: string; version: number | null }
  before: Record<string, unknown> | null
  after: Record<string, unknown> | null
}

/** What the trail is narrowed to; it stands in the address of the page. */
export interface AuditFilter {
  environment?: 'test' | 'production'
  objectKind?: keyof typeof text.kinds
  action?: string
  actorId?: string
  objectId?: string
  accountId?: string
}

const textFilters = ['action', 'actorId', 'objectId'] as const

function filterOf(search: Readonly<Record<string, string>>): AuditFilter {
  const { environment, kind } = search
  const named = [...textFilters, 'accountId'].flatMap((name) => (search[name] ? [[name, search[name]]] : []))
  return {
    ...Object.fromEntries(named),
    ...((environment === 'test' || environment === 'production') && { environment }),
    ...(isKind(kind) && { objectKind: kind }),
  }
}

function isKind(kind: string | undefined): kind is keyof typeof text.kinds {
  return kind !== undefined && kind in text.kinds
}

/**
 * The audit trail: who changed what, newest first.
 * @param ofDeployment true: of all accounts, with a filter for one.
 */
export function AuditList({
  queryKey,
  fetchPage,
  ofDeployment = false,
}: {
  queryKey: string
  fetchPage: (
    filter: AuditFilter,
    cursor: string | undefined,
  ) => Promise<{ items: AuditEntry[]; nextCursor: string | null }>
  ofDeployment?: boolean
}) {
  const [search, setSearch] = useSearch()
  const filter = filterOf(search)
  const query = usePagedQuery([queryKey, filter], (cursor) => fetchPage(filter, cursor))
  const isNarrowed = Object.keys(filter).length > 0
  // A page may hold nothing while there is more behind it.
  const isEmpty = query.isSuccess && query.items.length === 0 && !query.hasNextPage
  return (
    <>
      <Group gap="sm" align="flex-end">
        <NativeSelect
          label={text.filters.environment}
          value={filter.environment ?? ''}
          onChange={(event) => setSearch({ environment: event.currentTarget.value })}
          data={[
            { value: '', label: text.filters.allEnvironments },
            ...Object.entries(text.environments).map(([value, label]) => ({ value, label })),
          ]}
        />
        <NativeSelect
          label={text.filters.kind}
          value={filter.objectKind ?? ''}
          onChange={(event) => setSearch({ kind: event.currentTarget.value })}
          data={[
            { value: '', label: text.filters.allKinds },
            ...Object.entries(text.kinds).map(([value, label]) => ({ value, label })),
          ]}
        />
        <TextFilter name="action" label={text.filters.action} />
        <TextFilter name="actorId" label={text.filters.actor} />
        <TextFilter name="objectId" label={text.filters.object} />
        {ofDeployment && <TextFilter name="accountId" label={text.filters.account} />}
      </Group>
      {query.isPending && <LoadingState />}
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      {isEmpty && isNarrowed && (
        <Group gap="sm">
          <Text>{text.nothing}</Text>
          <Button
            variant="default"
            size="xs"
            onClick={() =>
              setSearch({ environment: '', kind: '', action: '', actorId: '', objectId: '', accountId: '' })
            }
          >
            {text.clear}
          </Button>
        </Group>
      )}
      {isEmpty && !isNarrowed && <EmptyState title={text.empty} body={text.emptyBody} action={null} />}
      {query.items.length > 0 && (
        <DataTable
          label={text.title}
          columns={columns}
          rows={query.items}
          keyOf={({ id }) => id}
          minWidth={820}
        />
      )}
      {query.hasNextPage && (
        <div>
          <Button variant="default" loading={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>
            {words.common.more}
          </Button>
        </div>
      )}
    </>
  )
}

const columns: readonly Column<AuditEntry>[] = [
  { key: 'when', title: text.columns.when, show: ({ at }) => <Time iso={at} /> },
  {
    key: 'who',
    title: text.columns.who,
    show: ({ actor }) => <Named kind={nameOf(text.actors, actor.kind)} id={actor.id} />,
  },
  {
    key: 'what',
    title: text.columns.what,
    show: ({ action, object }) => (
      <>
        <Text size="sm" className="id">
          {action}
        </Text>
        <Named kind={nameOf(text.kinds, object.kind)} id={object.id} />
      </>
    ),
  },
  {
    key: 'changed',
    title: text.columns.changed,
    show: ({ before, after }) => <Differences before={before} after={after} />,
  },
  { key: 'from', title: text.columns.from, wideOnly: true, show: ({ address }) => address ?? text.cut },
]

function nameOf(names: Readonly<Record<string, string>>, kind: string): string {
  return names[kind] ?? kind
}

function Named({ kind, id }: { kind: string; id: string }) {
  return (
    <div>
      <Text size="xs" c="dimmed">
        {kind}
      </Text>
      <IdText id={id} what={kind} />
    </div>
  )
}
