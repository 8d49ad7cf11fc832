import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { cores, productionEnv, spawnPinned } from './pinned.ts'

/** A server that runs on the servers' core and answers. */
export interface Server {
  name: string
  pid: number
  /** `http://127.0.0.1:PORT` */
  origin: string
  stop: () => Promise<void>
}

export interface ServerPlan {
  name: string
  /** The file to run and its words. */
  args: (port: number) => string[]
  env?: (port: number) => Record<string, string>
  /** A path that answers 2xx once the server can be used. */
  readyPath: string
}

const startMs = 30_000
const stopMs = 25_000

/** @throws {Error} with what the server said when it does not come up. */
export async function startServer(plan: ServerPlan): Promise<Server> {
  const port = await freePort()
  const origin = `http://127.0.0.1:${port}`
  const child = spawnPinned(cores.server, plan.args(port), {
    env: productionEnv(plan.env?.(port)),
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  let wanted = false
  child.stderr?.on('data', (chunk) => {
    said = `${said}${chunk}`.slice(-4000)
  })
  child.once('exit', (code, signal) => {
    if (!wanted) process.stderr.write(`${plan.name} ended by itself (${signal ?? code}). ${said}\n`)
  })
  const { pid } = child
  if (pid === undefined) throw new Error(`${plan.name} could not be started.`)
  const deadline = Date.now() + startMs
  while (!(await answers(origin + plan.readyPath))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      wanted = true
      child.kill('SIGKILL')
      throw new Error(`${plan.name} did not start. ${said}`)
    }
    await sleep(50)
  }
  const stop = () => {
    wanted = true
    return end(child)
  }
  return { name: plan.name, pid, origin, stop }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), stopMs)
  await exited
  clearTimeout(timer)
}

async function answers(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(2000) }).then(
    (answer) => answer.ok,
    () => false,
  )
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (typeof address !== 'object' || !address) throw new Error('There is no free port.')
  return address.port
}
