import * as words from '../../words/index.ts'
import type { Changed } from './queries.ts'

export type EffectiveOn = NonNullable<Changed['effectiveOn']> | null

/** On which servers a change is in effect by now. */
export function effectText(effect: EffectiveOn): string {
  const text = words.clients.effect
  if (effect === null) return text.unknown
  const { seen, live, missing } = effect
  return missing.length === 0 ? text.everywhere(seen) : text.missing(seen, live)
}
