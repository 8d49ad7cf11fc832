import { Box, Button, Group, SegmentedControl, SimpleGrid, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import type { Environment } from '../../paths.ts'
import { useSearch } from '../../routing.ts'
import { Section } from '../../ui/page.tsx'
import { QueryState } from '../../ui/query-state.tsx'
import { LoadingState } from '../../ui/states.tsx'
import * as words from '../../words/index.ts'
import { ActivityTable } from './activity-table.tsx'
import { type Counts, countsQuery, type Interval, isQuiet } from './queries.ts'

const text = words.logs.chart

/** Charts are large: who does not look at them does not load them. */
const ActivityChart = lazy(() => import('./activity-chart.tsx'))

/** Token requests and calls by hour or day: each a sentence, a chart, and the same numbers as a table. */
export function ActivitySection({
  environment,
  isQuietSaid = true,
}: {
  environment: Environment
  /** False: nothing at all is shown while nothing happened, which the page says elsewhere. */
  isQuietSaid?: boolean
}) {
  const [{ by }, setSearch] = useSearch()
  const interval: Interval = by === 'day' ? 'day' : 'hour'
  const query = useQuery(countsQuery(environment, interval))
  if (!isQuietSaid && interval === 'hour' && isQuiet(query.data)) return null
  return (
    <Section
      title={text.title}
      lead={text.leads[interval]}
      action={
        <SegmentedControl<Interval>
          aria-label={text.interval}
          size="xs"
          value={interval}
          onChange={(wish) => setSearch({ by: wish === 'day' ? 'day' : '' })}
          data={[
            { value: 'hour', label: text.byHour },
            { value: 'day', label: text.byDay },
          ]}
        />
      }
    >
      <QueryState query={query} rows={3} />
      {query.data && isQuiet(query.data) && <Text>{text.nothing[interval]}</Text>}
      {query.data && !isQuiet(query.data) && (
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
          {query.data.series.map((series) => (
            <Kind key={series.kind} series={series} interval={interval} />
          ))}
        </SimpleGrid>
      )}
    </Section>
  )
}

function Kind({ series, interval }: { series: Counts['series'][number]; interval: Interval }) {
  const [isTable, setTable] = useState(false)
  const { kind, granted, refused, points } = series
  const title = text.kinds[kind]
  return (
    <Box component="section" aria-label={title} miw={0} mb="xs">
      <Group justify="space-between" align="flex-start" wrap="nowrap" mb="xs">
        <div>
          <Title order={3} size="h6">
            {title}
          </Title>
          <Text size="sm">{text.summary(granted, refused, text.periods[interval])}</Text>
        </div>
        <Button
          variant="default"
          size="compact-sm"
          flex="none"
          aria-label={text.switchOf(isTable, title)}
          onClick={() => setTable(!isTable)}
        >
          {text.switch(isTable)}
        </Button>
      </Group>
      {isTable ? (
        <ActivityTable label={title} points={points} interval={interval} />
      ) : (
        <Suspense fallback={<LoadingState rows={3} />}>
          <ActivityChart points={points} interval={interval} />
        </Suspense>
      )}
    </Box>
  )
}
