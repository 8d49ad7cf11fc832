import type { ActivityFilter } from './activity-store.ts'
import { dayMs, lowestUuid, uuidOf } from './entry-id.ts'
import type { IdRange } from './page.ts'

/** Which ids a page may have; undefined when there can be none. */
export function pageRange(
  { fromMs, toMs }: ActivityFilter,
  belowId: string | undefined,
  oldestMs: number,
  nowMs: number,
): IdRange | undefined {
  // Clocks of nodes differ a little.
  const end = lowestUuid(Math.min(toMs ?? Number.POSITIVE_INFINITY, nowMs + dayMs))
  const cursor = belowId === undefined ? end : uuidOf(belowId)
  if (cursor === undefined) return undefined
  const [below = end] = [cursor, end].sort()
  const from = lowestUuid(Math.max(fromMs ?? 0, oldestMs))
  return from < below ? { from, below } : undefined
}
