// Debian's redis-server for a test: on a free port of 127.0.0.1, in memory alone.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { ensureCommand } from '../../tools/debian.ts'
import { freePort } from './process.ts'

export const hasRedis = ensureCommand('redis-server', 'redis-server')

export interface TestRedis {
  url: string
  /** Ends it as a power cut does. */
  kill: () => Promise<void>
  /** It takes connections and answers nothing. */
  freeze: () => void
  thaw: () => void
  /** Starts it again, empty, at the same place. */
  restart: () => Promise<void>
  /** Empties it. */
  wipe: () => Promise<void>
  /** The names of all keys. */
  keys: () => Promise<string[]>
  close: () => Promise<void>
}

export async function startRedis(): Promise<TestRedis> {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-redis-'))
  const port = await freePort()
  const url = `redis://127.0.0.1:${port}`
  let child = await start(port, folder)
  const end = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
  const ask = async <T>(question: (redis: Redis) => Promise<T>) => {
    const redis = new Redis(url)
    return question(redis).finally(() => redis.disconnect())
  }
  return {
    url,
    kill: end,
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    async restart() {
      await end()
      child = await start(port, folder)
    },
    async wipe() {
      await ask((redis) => redis.flushall())
    },
    keys: () => ask((redis) => redis.keys('*')),
    async close() {
      await end()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** @throws {Error} with what it said, when it ends instead. */
async function start(port: number, folder: string): Promise<ChildProcess> {
  const settings = ['--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder]
  const child = spawn('redis-server', ['--port', String(port), ...settings], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for await (const text of child.stdout.setEncoding('utf8')) {
    output += text
    if (output.includes('Ready to accept connections')) break
  }
  if (!output.includes('Ready to accept connections')) throw new Error(`redis-server ended: ${output}`)
  return child
}
