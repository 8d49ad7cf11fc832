import { setTimeout as sleep } from 'node:timers/promises'
import type { LoadOrder, LoadResult } from '../load/order.ts'
import type { Load } from '../load/start-load.ts'
import type { Options } from '../options.ts'
import { cores } from '../servers/pinned.ts'
import type { Server } from '../servers/start-server.ts'
import { loadAverage, type MachineMoment, readMachine, stealPercent } from './machine.ts'
import { cpuMs } from './process-facts.ts'
import { waitForQuiet } from './quiet.ts'

/** A server, and what is asked of it. */
export interface Candidate {
  name: string
  server: Server
  order: Omit<LoadOrder, 'connections' | 'seconds'>
}

/** One candidate in one round. */
export interface Round extends LoadResult {
  name: string
  round: number
  /** Processor time of the server for 1,000 answers: steadier than answers a second on a shared machine. */
  cpuMsPer1000: number | undefined
  /** Share of the servers' core that the server had; well below 1 it was not the limit. */
  serverCore: number | undefined
  /** Share of the servers' core that went to somebody else. */
  othersCore: number | undefined
  /** True when others were at rest as the round began. */
  quiet: boolean
  stealPercent: number | undefined
  loadAverage: number
}

/** What is queued after the last answer is still the round's work: our activity is written and indexed within 2.5 s. */
const settleMs = 2600
const longestWaitMs = 15_000

/** Warms every candidate, then alternates them, in a new random order each round. */
export async function runRounds(load: Load, candidates: readonly Candidate[], options: Options) {
  const warmups: Round[] = []
  for (const candidate of candidates) {
    process.stdout.write(`warming up ${candidate.name}\n`)
    warmups.push(await runRound(load, candidate, options, options.warmupSeconds, 0))
  }
  const rounds: Round[] = []
  for (let round = 1; round <= options.rounds; round += 1) {
    for (const candidate of shuffled(candidates)) {
      const done = await runRound(load, candidate, options, options.seconds, round)
      rounds.push(done)
      process.stdout.write(`round ${round}  ${done.name.padEnd(20)} ${Math.round(done.perSecond)}/s\n`)
    }
  }
  return { warmups, rounds }
}

/** @throws {Error} when one request was not answered with 2xx: numbers of wrong answers are worth nothing. */
async function runRound(
  load: Load,
  { name, server, order }: Candidate,
  { connections }: Options,
  seconds: number,
  round: number,
): Promise<Round> {
  const quiet = await waitForQuiet(longestWaitMs)
  const machine = readMachine()
  const cpu = cpuMs(server.pid)
  const begin = performance.now()
  const result = await load.run({ ...order, connections, seconds })
  await sleep(settleMs)
  const elapsedMs = performance.now() - begin
  const after = readMachine()
  const cpuAfter = cpuMs(server.pid)
  if (result.failed > 0 || result.answered === 0) {
    throw new Error(
      `${name}: ${result.failed} requests failed and ${result.answered} were answered with 2xx.`,
    )
  }
  const used = cpu === undefined || cpuAfter === undefined ? undefined : cpuAfter - cpu
  const busy = machine && after && coreBusy(after) - coreBusy(machine)
  return {
    name,
    round,
    ...result,
    cpuMsPer1000: used && (1000 * used) / result.answered,
    serverCore: used && used / 1000 / result.seconds,
    othersCore: busy === undefined || used === undefined ? undefined : Math.max(0, busy - used) / elapsedMs,
    quiet,
    stealPercent: stealPercent(machine, after),
    loadAverage: loadAverage(),
  }
}

const coreBusy = (moment: MachineMoment) => moment.coreBusyMs[cores.server] ?? 0

function shuffled<T>(values: readonly T[]): T[] {
  return values
    .map((value) => ({ value, at: Math.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ value }) => value)
}
