import '@mantine/charts/styles.css'
import { BarChart } from '@mantine/charts'
import * as words from '../../words/index.ts'
import { language } from '../../words/index.ts'
import type { Counts, Interval } from './queries.ts'

const text = words.logs.chart

type Point = Counts['series'][number]['points'][number]

/** Requests by hour or day, granted and refused one on the other. Who does not see it has the sentence and the table. */
export default function ActivityChart({
  points,
  interval,
}: {
  points: readonly Point[]
  interval: Interval
}) {
  return (
    <div aria-hidden="true">
      <BarChart
        h={180}
        data={points.map((point) => ({ ...point, at: pointLabel(point.at, interval) }))}
        dataKey="at"
        type="stacked"
        withLegend
        legendProps={{ verticalAlign: 'bottom', height: 28 }}
        tickLine="none"
        yAxisProps={{ allowDecimals: false, width: 44, tickCount: 3, interval: 0 }}
        series={[
          { name: 'granted', label: text.granted, color: 'var(--latchkey-granted)' },
          { name: 'refused', label: text.refused, color: 'var(--latchkey-refused)' },
        ]}
        barChartProps={{ accessibilityLayer: false }}
        barProps={{ isAnimationActive: false, maxBarSize: 28 }}
      />
    </div>
  )
}

/** Hours by the clock of the reader; days are counted in UTC. */
function pointLabel(iso: string, interval: Interval): string {
  const format: Intl.DateTimeFormatOptions =
    interval === 'hour'
      ? { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }
      : { day: 'numeric', month: 'short', timeZone: 'UTC' }
  return new Intl.DateTimeFormat(language, format).format(new Date(iso))
}
