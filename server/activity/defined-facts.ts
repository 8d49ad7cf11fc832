// The side that writes batches: which facts the numbers in them mean.
import type { Batch, DefinedFacts } from './batch.ts'

/** A batch before it may not have come here: everything has to be defined anew. */
export class FactsUnknown extends Error {
  readonly code = 'FACTS_UNKNOWN'
}

export interface FactsByNumber {
  /** @throws {FactsUnknown} when a row of it has facts that were not defined. */
  learn: (batch: Batch) => void
  /** @throws {FactsUnknown} */
  get: (number: number) => DefinedFacts
}

/** Beyond it all is forgotten; who sends batches is told by the error, and defines what is in use. */
const limit = 50_000

export function createFactsByNumber(): FactsByNumber {
  const known = new Map<number, DefinedFacts>()

  function get(number: number): DefinedFacts {
    const found = known.get(number)
    if (!found) throw new FactsUnknown()
    return found
  }

  return {
    get,
    learn({ facts, defined, days, countedOnly }) {
      if (known.size + facts.length + defined.length > limit) known.clear()
      for (const row of [...facts, ...defined]) if (!known.has(row.number)) known.set(row.number, row)
      for (const columns of [countedOnly, ...days.map(([, day]) => day)]) columns.facts.forEach(get)
    },
  }
}
