// Many processes of one API client that start together: alone, and with the store that they share.
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { World } from '../../server/testing/world.ts'
import { type Spread, spread } from '../measure/spread.ts'
import type { ProcessReport } from './one-process.ts'

export interface ProcessesRun {
  processes: number
  /** For the first tokens, and for those that came after. */
  firstRequests: number
  renewals: number
  /** When each renewed, in percent of the token's life since its own start; undefined with a store. */
  renewedAtPercent: Spread | undefined
  /** From the first renewal to the last, in percent of the life, by the clock that all see. */
  spreadPercent: number
}

const program = new URL('./one-process.ts', import.meta.url).pathname

export async function runProcesses(
  world: World,
  processes: number,
  lifetimeSeconds: number,
  folder?: string,
): Promise<ProcessesRun> {
  const scopes = ['document_read']
  const { clientId, clientSecret } = await world.makeClient({ scopes, tokenLifetimeSeconds: lifetimeSeconds })
  const env = {
    ...{ PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE },
    ...{ LATCHKEY_URL: world.url, LATCHKEY_CLIENT_ID: clientId, LATCHKEY_CLIENT_SECRET: clientSecret },
    ...{ LATCHKEY_SCOPES: scopes.join(' '), STORE_FOLDER: folder },
  }
  const started = Array.from({ length: processes }, () => start(env))
  try {
    await Promise.all(started.map(({ ready }) => ready))
    for (const { child } of started) child.stdin?.write('go\n')
    return summarize(await Promise.all(started.map(({ report }) => report)), lifetimeSeconds * 1000, folder)
  } finally {
    for (const { child } of started) child.kill('SIGKILL')
  }
}

function start(env: NodeJS.ProcessEnv) {
  const child: ChildProcess = spawn(process.execPath, [program], { env, stdio: ['pipe', 'pipe', 'inherit'] })
  const ready = Promise.withResolvers<void>()
  const report = Promise.withResolvers<ProcessReport>()
  if (child.stdout)
    createInterface(child.stdout).on('line', (line) => {
      if (line === 'ready') ready.resolve()
      else report.resolve(JSON.parse(line))
    })
  child.once('exit', (code) => {
    const error = new Error(`A process ended early (${code}).`)
    ready.reject(error)
    report.reject(error)
  })
  report.promise.catch(() => undefined)
  return { child, ready: ready.promise, report: report.promise }
}

function summarize(
  reports: readonly ProcessReport[],
  lifeMs: number,
  folder: string | undefined,
): ProcessesRun {
  const all = reports.flatMap(({ requestedAtMs }) => requestedAtMs)
  const begin = Math.min(...all)
  // First tokens come in the first half of the life, renewals after it.
  const renewals = all.filter((at) => at - begin > lifeMs / 2)
  const own = reports.map(
    ({ startedAtMs, requestedAtMs: [, second = 0] }) => ((second - startedAtMs) / lifeMs) * 100,
  )
  return {
    processes: reports.length,
    firstRequests: all.length - renewals.length,
    renewals: renewals.length,
    renewedAtPercent: folder === undefined ? spread(own) : undefined,
    spreadPercent: ((Math.max(...renewals) - Math.min(...renewals)) / lifeMs) * 100,
  }
}
