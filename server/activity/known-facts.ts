import type { Happening } from './entry.ts'
import { dayAt } from './entry-id.ts'
import { coarseFacts, type Facts, factsId, factsKey, factsOf } from './facts.ts'

/** Facts that this node has met, and what of them is stored. */
export interface KnownFacts {
  /** What this node calls them, as long as it runs. */
  number: number
  id: string
  facts: Facts
  /** Since when they are defined: a batch had them after everything was last forgotten so often. */
  definedSince: number
  /** Between which days it is stored that there are entries. */
  firstDay: number
  lastDay: number
}

/** Beyond it what is known is forgotten and written once more, which changes nothing. */
const knownLimit = 20_000

/**
 * Finds the facts of what happened.
 * @param madeUpLimit so many different refusals a day are kept in full: what outsiders send must not fill the store.
 */
export function createKnownFacts(madeUpLimit: number): (happening: Happening, at: number) => KnownFacts {
  const known = new Map<string, KnownFacts>()
  let lastNumber = 0
  let refusals = { day: 0, different: 0 }

  function isMadeUp({ error }: Facts, at: number): boolean {
    if (error === null) return false
    const day = dayAt(at)
    if (refusals.day !== day) refusals = { day, different: 0 }
    refusals.different += 1
    return refusals.different > madeUpLimit
  }

  function remember(key: string, facts: Facts): KnownFacts {
    const found = known.get(key)
    if (found) return found
    if (known.size >= knownLimit) known.clear()
    lastNumber += 1
    const made = {
      number: lastNumber,
      id: factsId(facts),
      facts,
      definedSince: -1,
      firstDay: Number.POSITIVE_INFINITY,
      lastDay: -1,
    }
    known.set(key, made)
    return made
  }

  return (happening, at) => {
    const key = factsKey(happening)
    const found = known.get(key)
    if (found) return found
    const facts = factsOf(happening)
    if (!isMadeUp(facts, at)) return remember(key, facts)
    const coarse = coarseFacts(facts)
    return remember(factsKey(coarse), coarse)
  }
}
