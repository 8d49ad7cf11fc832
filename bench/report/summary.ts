import type { Calibration } from '../measure/calibration.ts'
import { describeMachine } from '../measure/machine.ts'
import type { Round } from '../measure/rounds.ts'
import { spread } from '../measure/spread.ts'
import { figure, usableRounds } from '../measure/usable-rounds.ts'
import type { Options } from '../options.ts'
import { megabytes, number, withSpread } from './figures.ts'
import { table } from './table.ts'

/** One line for each candidate: median (min–max) over the rounds that count. */
export function candidateTable(rounds: readonly Round[], rss: Record<string, number | undefined>): string[] {
  const { usable } = usableRounds(rounds)
  const rows = Object.entries(rss).map(([name, bytes]) => [
    name,
    withSpread(figure(usable, name, (round) => round.perSecond)),
    withSpread(
      figure(usable, name, (round) => round.p50Ms),
      1,
    ),
    withSpread(
      figure(usable, name, (round) => round.p99Ms),
      1,
    ),
    withSpread(figure(usable, name, (round) => round.cpuMsPer1000)),
    megabytes(bytes),
  ])
  return table(['server', 'requests/s', 'p50 ms', 'p99 ms', 'CPU ms per 1,000', 'RSS after load'], rows)
}

/** What a reader must know to believe the table. */
export function conditions(
  rounds: readonly Round[],
  calibrations: readonly Calibration[],
  { seconds, warmupSeconds, connections }: Options,
): string[] {
  const { usable, thrownOut } = usableRounds(rounds)
  const machine = describeMachine()
  const highest = (pick: (round: Round) => number | undefined) =>
    Math.max(...usable.map((round) => pick(round) ?? 0))
  const loadCore = highest((round) => round.loadCore)
  const signs = spread(calibrations.map((calibration) => calibration.es256PerSecond))
  const disturbed = usable.filter((round) => !round.quiet).length
  const counted = new Set(usable.map((round) => round.round)).size
  return [
    `${machine.cpu}, ${machine.cores} cores, ${machine.kernel}, Node ${machine.node}; ${
      machine.pinned ? 'servers on core 0, load on core 1' : 'NOT pinned (no taskset here)'
    }.`,
    `${counted} rounds of ${seconds} s each after ${warmupSeconds} s of warm-up, ${connections} connections; ${thrownOut.length} rounds thrown out for steal, ${disturbed} of ${usable.length} measurements began while others worked; load average up to ${highest((round) => round.loadAverage)}.`,
    `The core alone: ${withSpread(signs)} ES256 signatures a second. Others had up to ${number(100 * highest((round) => round.othersCore))} % of the servers' core (network work of the kernel is counted there too).`,
    loadCore > 0.95
      ? `CAREFUL: the load process used ${number(100 * loadCore)} % of its core; the fastest server may be faster than shown. Compare the CPU column.`
      : `The load process used at most ${number(100 * loadCore)} % of its core: the servers were the limit.`,
  ]
}
