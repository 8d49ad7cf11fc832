// Answers a second of the token endpoint, beside a bare server that only signs and beside oidc-provider.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { startLoad } from '../load/start-load.ts'
import { calibrate } from '../measure/calibration.ts'
import { rssBytes } from '../measure/process-facts.ts'
import { type Candidate, runRounds } from '../measure/rounds.ts'
import type { Options } from '../options.ts'
import type { Measured } from '../report/keep-result.ts'
import { cores } from '../servers/pinned.ts'
import { type Server, startServer } from '../servers/start-server.ts'
import { makeCallers, scope, tokenRequests } from './callers.ts'
import { checkFirstAnswer } from './first-answer.ts'
import { type Latchkey, startLatchkey } from './latchkey.ts'
import { tokenReport } from './report.ts'

/** When the memory of our server is read: just started, and idle, when V8 has given back what starting took. */
const memoryMs = { started: 3000, idle: 30_000 }

export async function benchToken(options: Options): Promise<Measured> {
  const callers = makeCallers()
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-callers-'))
  const callersFile = join(folder, 'callers.json')
  writeFileSync(callersFile, JSON.stringify(callers), { mode: 0o600 })
  const calibrations = [await calibrate()]
  const latchkey = await startLatchkey('latchkey', callers)
  const load = startLoad(cores.load)
  const servers = [latchkey.server]
  const unrecorded: Latchkey[] = []
  try {
    await sleep(memoryMs.started)
    const startedBytes = rssBytes(latchkey.server.pid)
    await sleep(memoryMs.idle - memoryMs.started)
    const idleBytes = rssBytes(latchkey.server.pid)
    const without = await startLatchkey('latchkey unrecorded', callers)
    unrecorded.push(without)
    servers.push(
      without.server,
      await startLimit('limit', 'apart'),
      await startLimit('limit together', 'together'),
      await startServer({
        name: 'oidc-provider',
        args: (port) => [fileOf('oidc-provider-server.ts'), String(port), scope, callersFile],
        readyPath: '/.well-known/openid-configuration',
      }),
    )
    const requests = tokenRequests(callers)
    const candidates = servers.map((server) => candidateOf(server, requests))
    for (const { name, order } of candidates) await checkFirstAnswer(name, order, scope)
    const { warmups, rounds } = await runRounds(load, candidates, options)
    const rss = Object.fromEntries(servers.map((server) => [server.name, rssBytes(server.pid)]))
    const recorded = await latchkey.stopAndCount()
    calibrations.push(await calibrate())
    return tokenReport({ options, warmups, rounds, rss, startedBytes, idleBytes, recorded, calibrations })
  } finally {
    load.stop()
    await Promise.all(servers.map((server) => server.stop()))
    for (const { remove } of [latchkey, ...unrecorded]) remove()
    rmSync(folder, { recursive: true, force: true })
  }
}

function candidateOf(server: Server, requests: Candidate['order']['requests']): Candidate {
  const path = server.name.startsWith('latchkey') ? '/oauth/connect/token' : '/token'
  return { name: server.name, server, order: { url: server.origin + path, method: 'POST', requests } }
}

function startLimit(name: string, way: 'apart' | 'together'): Promise<Server> {
  return startServer({
    name,
    args: (port) => [fileOf('limit-server.ts'), String(port), scope, way],
    readyPath: '/',
  })
}

function fileOf(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url))
}
