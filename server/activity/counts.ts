// How much happened, hour by hour or day by day, without holes: what a chart draws.

import { isoTime } from '../vocabulary/clock.ts'
import { Problem } from '../vocabulary/problem.ts'
import type { ActivityHour, ActivityScope, ActivityStore, ActivityTime } from './activity-store.ts'
import type { ActivityEntry } from './entry.ts'
import { readTime } from './filter.ts'

export type Interval = 'hour' | 'day'

export interface CountsQuery {
  interval: Interval
  from?: string
  to?: string
  clientId?: string
  kind?: ActivityEntry['kind']
  by?: 'client'
}

export interface Series {
  /** Null: all clients together. */
  clientId: string | null
  kind: ActivityEntry['kind']
  granted: number
  refused: number
  points: { at: string; granted: number; refused: number }[]
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const lengthMs = { hour: hourMs, day: dayMs }
const longestMs = { hour: 31 * dayMs, day: 400 * dayMs }
const usualMs = { hour: dayMs, day: 30 * dayMs }
/** Series of their own, by most requests. */
export const clientsShown = 10

/** The whole hours or days that the query names; without one, those until now. */
export function countedTime(query: CountsQuery, nowMs: number): ActivityTime {
  const { interval, from, to } = query
  const length = lengthMs[interval]
  const toMs = Math.ceil((to === undefined ? nowMs + 1 : readTime(to)) / length) * length
  const fromMs =
    Math.floor((from === undefined ? toMs - usualMs[interval] : readTime(from)) / length) * length
  if (fromMs >= toMs)
    throw new Problem('invalid_value', 'The time ends before it begins: from must be earlier than to.')
  if (toMs - fromMs > longestMs[interval])
    throw new Problem(
      'invalid_value',
      `By ${interval} at most ${longestMs[interval] / dayMs} days can be counted. Ask for less, or by day.`,
    )
  return { fromMs, toMs }
}

export async function countActivity(
  store: ActivityStore,
  of: ActivityScope,
  query: CountsQuery,
  time: ActivityTime,
): Promise<Series[]> {
  const clientIds: (string | undefined)[] =
    query.by === 'client' && query.clientId === undefined
      ? await busiest(store, of, query.kind, time)
      : [query.clientId]
  const kinds: ActivityEntry['kind'][] = query.kind ? [query.kind] : ['token_request', 'api_call']
  const series: Series[] = []
  for (const clientId of clientIds) {
    const hours = await store.hours({ of, clientId, ...time })
    for (const kind of kinds)
      series.push({ clientId: clientId ?? null, kind, ...sumUp(hours, kind, time, lengthMs[query.interval]) })
  }
  return series
}

async function busiest(
  store: ActivityStore,
  of: ActivityScope,
  kind: ActivityEntry['kind'] | undefined,
  time: ActivityTime,
): Promise<string[]> {
  const sums = new Map<string, number>()
  for (const total of await store.clientTotals({ of, ...time })) {
    if (kind !== undefined && total.kind !== kind) continue
    sums.set(total.clientId, (sums.get(total.clientId) ?? 0) + total.granted + total.refused)
  }
  const ranked = [...sums].sort(([, left], [, right]) => right - left)
  return ranked.slice(0, clientsShown).map(([clientId]) => clientId)
}

function sumUp(
  hours: readonly ActivityHour[],
  kind: ActivityEntry['kind'],
  { fromMs, toMs }: ActivityTime,
  lengthOfOne: number,
): Pick<Series, 'granted' | 'refused' | 'points'> {
  const points = Array.from({ length: (toMs - fromMs) / lengthOfOne }, (_, index) => ({
    at: isoTime(fromMs + index * lengthOfOne),
    granted: 0,
    refused: 0,
  }))
  let granted = 0
  let refused = 0
  for (const hour of hours) {
    const point = hour.kind === kind ? points[Math.floor((hour.hour - fromMs) / lengthOfOne)] : undefined
    if (!point) continue
    point.granted += hour.granted
    point.refused += hour.refused
    granted += hour.granted
    refused += hour.refused
  }
  return { granted, refused, points }
}
