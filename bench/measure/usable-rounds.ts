import type { Round } from './rounds.ts'
import { type Spread, spread } from './spread.ts'

/** Above this the host gave so much of our cores to others that the round says nothing. */
const stealLimitPercent = 2

/** The rounds that count: one with too much steal goes out whole, for all candidates alike. */
export function usableRounds(rounds: readonly Round[]): { usable: Round[]; thrownOut: number[] } {
  const thrownOut = new Set(
    rounds.filter((round) => (round.stealPercent ?? 0) > stealLimitPercent).map((round) => round.round),
  )
  const usable = rounds.filter((round) => !thrownOut.has(round.round))
  if (usable.length === 0)
    throw new Error(`Every round had more than ${stealLimitPercent} % steal. Measure again later.`)
  return { usable, thrownOut: [...thrownOut] }
}

/** One figure of one candidate over the rounds; undefined where this machine does not give it. */
export function figure(
  rounds: readonly Round[],
  name: string,
  pick: (round: Round) => number | undefined,
): Spread | undefined {
  const values = rounds
    .filter((round) => round.name === name)
    .map(pick)
    .filter((value) => value !== undefined)
  return values.length > 0 ? spread(values) : undefined
}

/** Two ratios of one candidate to another; above 1: ours is the better one. */
export interface Ratios {
  /** Of answers a second. */
  speed: Spread
  /** Of the processor time of an answer, theirs to ours; undefined where this machine does not tell it. */
  processor: Spread | undefined
}

/** Taken inside each round, where both had the same machine. */
export function ratios(rounds: readonly Round[], ours: string, theirs: string): Ratios {
  const pairs = rounds
    .filter((round) => round.name === ours)
    .flatMap((own) => {
      const other = rounds.find((round) => round.round === own.round && round.name === theirs)
      return other ? { own, other } : []
    })
  const processor = pairs.flatMap(({ own, other }) =>
    own.cpuMsPer1000 && other.cpuMsPer1000 ? other.cpuMsPer1000 / own.cpuMsPer1000 : [],
  )
  return {
    speed: spread(pairs.map(({ own, other }) => own.perSecond / other.perSecond)),
    processor: processor.length > 0 ? spread(processor) : undefined,
  }
}
