import { Text } from '@mantine/core'
import { DataTable } from '../../ui/data-table.tsx'
import { exactTime, useTimeZone } from '../../ui/time.tsx'
import * as words from '../../words/index.ts'
import { language } from '../../words/index.ts'
import type { Counts, Interval } from './queries.ts'

const text = words.logs.chart

type Point = Counts['series'][number]['points'][number]

/** The numbers of a chart, newest first; what was quiet is left out. */
export function ActivityTable({
  label,
  points,
  interval,
}: {
  label: string
  points: readonly Point[]
  interval: Interval
}) {
  const [zone] = useTimeZone()
  const busy = points.filter(({ granted, refused }) => granted + refused > 0).toReversed()
  if (busy.length === 0) return <Text size="sm">{text.quiet}</Text>
  const show = (at: string) =>
    interval === 'hour'
      ? exactTime(at, zone)
      : new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(at))
  return (
    <DataTable
      label={label}
      rows={busy}
      keyOf={({ at }) => at}
      minWidth={320}
      columns={[
        { key: 'at', title: text.columns[interval], show: ({ at }) => <time dateTime={at}>{show(at)}</time> },
        { key: 'granted', title: text.granted, numeric: true, show: ({ granted }) => granted },
        { key: 'refused', title: text.refused, numeric: true, show: ({ refused }) => refused },
      ]}
    />
  )
}
