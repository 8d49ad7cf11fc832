// What the SDK costs and saves: the price of a call, and the number of token requests.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createWorld } from '../../server/testing/world.ts'
import { describeMachine } from '../measure/machine.ts'
import type { Options } from '../options.ts'
import { number, withSpread } from '../report/figures.ts'
import type { Measured } from '../report/keep-result.ts'
import { table } from '../report/table.ts'
import { type CallCost, measureCallCost } from './call-cost.ts'
import { type ProcessesRun, runProcesses } from './processes.ts'
import { countColdStart, countOneLifetime } from './token-requests.ts'

const processes = 50
const addedGoalUs = 20
/** Of a window of 10 % of the life; 50 random points in it lie 9.6 % apart on average, the first from the last. */
const spreadGoalPercent = 9
/** A renewal too: a token may be used until it expires, but not sent when it would expire on its way. */
const leastInOneLifetime = 2

export async function benchSdk({ rounds }: Options): Promise<Measured> {
  const cost = await measureCallCost(rounds)
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-sdk-'))
  const world = await createWorld({ realTime: true })
  await world.listen()
  try {
    process.stdout.write('1,000 calls without a token\n')
    const cold = await countColdStart(world, 1000)
    process.stdout.write('10,000 calls in 60 seconds\n')
    const lifetime = await countOneLifetime(world, 10_000)
    process.stdout.write(`${processes} processes, each alone: until all have renewed a token of 60 seconds\n`)
    const alone = await runProcesses(world, processes, 60)
    process.stdout.write(`${processes} processes with a store of files: the same\n`)
    const shared = await runProcesses(world, processes, 60, folder)
    return {
      lines: report(cost, cold, lifetime, alone, shared),
      result: { cost, cold, lifetime, alone, shared },
    }
  } finally {
    await world.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

function report(
  cost: CallCost,
  cold: Awaited<ReturnType<typeof countColdStart>>,
  lifetime: Awaited<ReturnType<typeof countOneLifetime>>,
  alone: ProcessesRun,
  shared: ProcessesRun,
): string[] {
  const { cpu, cores, kernel, node } = describeMachine()
  const reached = (good: boolean) => (good ? 'reached' : 'MISSED')
  const requests = (count: number) => `${number(count)} token request${count === 1 ? '' : 's'}`
  const range = alone.renewedAtPercent
  return [
    ...table(
      ['measured', 'figure', 'goal'],
      [
        [
          'a call with the token at hand adds to the bare fetch',
          `${withSpread(cost.added, 2)} µs`,
          `< ${addedGoalUs} µs: ${reached(cost.added.median < addedGoalUs)}`,
        ],
        ['token() with the token at hand', `${withSpread(cost.token, 2)} µs`, ''],
        [
          '1,000 parallel cold calls, a client object each',
          requests(cold.tokenRequests),
          `1: ${reached(cold.tokenRequests === 1)}`,
        ],
        [
          '10,000 calls over the 60 s of a token: in the first 42 s',
          requests(lifetime.before42s),
          `1: ${reached(lifetime.before42s === 1)}`,
        ],
        [
          '… and in all 60 s',
          requests(lifetime.tokenRequests),
          `${leastInOneLifetime}: ${reached(lifetime.tokenRequests === leastInOneLifetime)}`,
        ],
        [
          `${processes} processes start together, each alone: renewals`,
          `at ${withSpread(range, 1)} % of the life`,
          `within 70–80 %: ${reached(range !== undefined && range.min >= 70 && range.max < 82)}`,
        ],
        [
          '… spread on the clock',
          `over ${number(alone.spreadPercent, 1)} % of the life`,
          `>= ${spreadGoalPercent} %: ${reached(alone.spreadPercent >= spreadGoalPercent)}`,
        ],
        [
          `${processes} processes with a shared store: first tokens`,
          requests(shared.firstRequests),
          `few: ${reached(shared.firstRequests <= 3)}`,
        ],
        ['… and renewals', requests(shared.renewals), `few: ${reached(shared.renewals <= 3)}`],
      ],
    ),
    '',
    `- The bare fetch (an answer in memory) takes ${withSpread(cost.bare, 2)} µs, through the SDK ${withSpread(cost.wrapped, 2)} µs, of processor time.`,
    `- ${leastInOneLifetime} is the least: one token lives 60 s, and in its last seconds it could expire on its way to the API, so whoever calls until the end of its life needs another.`,
    `- Renewals are drawn from a window of 10 % of the life, as they should be. Of ${processes} random points in it, the first and the last lie 9.6 % of the life apart on average.`,
    `- Every one of the ${number(cold.calls + lifetime.calls)} calls was answered 200. Tokens of processes that are alone: ${number(alone.firstRequests)} and ${number(alone.renewals)} requests.`,
    `- ${cpu}, ${cores} cores, ${kernel}, Node ${node}; the server in the same process, the ${processes} beside it.`,
  ]
}
