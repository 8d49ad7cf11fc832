// What the guard costs a route: the same Fastify route with it and without it, and the check by itself.
import { fileURLToPath } from 'node:url'
import { startLoad } from '../load/start-load.ts'
import { calibrate } from '../measure/calibration.ts'
import { rssBytes } from '../measure/process-facts.ts'
import { type Candidate, runRounds } from '../measure/rounds.ts'
import { ratios, usableRounds } from '../measure/usable-rounds.ts'
import type { Options } from '../options.ts'
import { againstGoal, withSpread } from '../report/figures.ts'
import type { Measured } from '../report/keep-result.ts'
import { candidateTable, conditions } from '../report/summary.ts'
import { cores, runPinned } from '../servers/pinned.ts'
import { startServer } from '../servers/start-server.ts'
import type { CheckCost } from './check-cost.ts'
import { makeIssuer } from './issuer.ts'

const goals = { guardedOfOpen: 0.9, rememberedMicroseconds: 5 }
/** As many callers with a token each. */
const tokenCount = 100

export async function benchGuard(options: Options): Promise<Measured> {
  const calibrations = [await calibrate()]
  const checks: CheckCost = JSON.parse(await runPinned(cores.server, [fileOf('check-cost.ts')]))
  const { publicKey, token } = makeIssuer()
  const server = await startServer({
    name: 'guard',
    args: (port) => [fileOf('guarded-server.ts'), String(port), publicKey],
    readyPath: '/open',
  })
  const load = startLoad(cores.load)
  try {
    // The same bytes go to both routes: what differs is the guard alone, not the reading of a header.
    const requests = Array.from({ length: tokenCount }, () => ({
      headers: { authorization: `Bearer ${token()}` },
    }))
    const candidates = ['guarded', 'open'].map(
      (name): Candidate => ({
        name,
        server,
        order: { url: `${server.origin}/${name}`, method: 'GET', requests },
      }),
    )
    const { warmups, rounds } = await runRounds(load, candidates, options)
    const rss = { guarded: rssBytes(server.pid), open: rssBytes(server.pid) }
    calibrations.push(await calibrate())
    const guardedOfOpen = ratios(usableRounds(rounds).usable, 'guarded', 'open')
    const { firstSight, remembered } = checks
    const cheap = remembered.median <= goals.rememberedMicroseconds ? 'reached' : 'MISSED'
    const lines = [
      ...candidateTable(rounds, rss),
      '',
      // The load works as hard as such a route does, so that answers a second may be the load's.
      `- guarded / open by processor time: ${againstGoal(guardedOfOpen.processor ?? guardedOfOpen.speed, goals.guardedOfOpen)}`,
      `- guarded / open in requests/s: ${withSpread(guardedOfOpen.speed, 2)}`,
      `- guard.check alone, first sight of a token (signature verified): ${withSpread(firstSight, 1)} µs`,
      `- guard.check alone, remembered token: ${withSpread(remembered, 2)} µs, goal <= ${goals.rememberedMicroseconds}: ${cheap}`,
      '- Answers other than 2xx: 0 (a single one ends the run).',
      ...conditions(rounds, calibrations, options).map((line) => `- ${line}`),
    ]
    return { lines, result: { warmups, rounds, rss, checks, calibrations, ratios: { guardedOfOpen }, goals } }
  } finally {
    load.stop()
    await server.stop()
  }
}

function fileOf(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url))
}
