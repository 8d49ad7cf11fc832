import { Anchor, Badge, Group, Text } from '@mantine/core'
import { useSearch } from '../../routing.ts'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { exactTime, Time, useTimeZone } from '../../ui/time.tsx'
import * as words from '../../words/index.ts'
import type { Entry } from './queries.ts'

const text = words.logs

/** The entries; the operation of each opens the panel beside the list. */
export function LogTable({ entries, withClient }: { entries: readonly Entry[]; withClient: boolean }) {
  const { columns } = text
  const all: readonly Column<Entry>[] = [
    { key: 'time', title: columns.time, show: ({ at }) => <Time iso={at} /> },
    { key: 'kind', title: columns.kind, wideOnly: true, show: ({ kind }) => text.kinds[kind] },
    { key: 'operation', title: columns.operation, show: (entry) => <Open entry={entry} /> },
    { key: 'status', title: columns.status, show: (entry) => <Status entry={entry} /> },
    {
      key: 'client',
      title: columns.client,
      show: ({ clientId }) => <span className="id">{clientId ?? words.ui.none}</span>,
    },
    {
      key: 'took',
      title: columns.duration,
      numeric: true,
      show: ({ durationMs }) => text.milliseconds(durationMs),
    },
  ]
  return (
    <div className="log-list">
      <DataTable
        label={text.title}
        columns={withClient ? all : all.filter(({ key }) => key !== 'client')}
        rows={entries}
        keyOf={({ requestId }) => requestId}
        minWidth={760}
      />
    </div>
  )
}

function Open({ entry: { requestId, operation, at } }: { entry: Entry }) {
  const [, setSearch] = useSearch()
  const [zone] = useTimeZone()
  return (
    <Anchor
      component="button"
      type="button"
      className="id log-row-open"
      ta="left"
      aria-label={text.open(operation, exactTime(at, zone))}
      onClick={() => setSearch({ entry: requestId })}
    >
      {operation}
    </Anchor>
  )
}

/** Never by colour alone. */
export function Status({ entry: { status, error } }: { entry: Pick<Entry, 'status' | 'error'> }) {
  const isRefused = error !== null
  return (
    <Group component="span" display="inline-flex" gap={6} wrap="nowrap">
      <Badge
        {...(isRefused && { variant: 'outline', color: 'var(--latchkey-amber-line)', autoContrast: true })}
      >
        <Text inherit component="span" c="var(--mantine-color-text)">
          {status}
        </Text>
      </Badge>
      <Text component="span" size="sm" style={{ whiteSpace: 'nowrap' }}>
        {isRefused ? text.refused(error) : text.granted}
      </Text>
    </Group>
  )
}
