// Starts our Node on one core, where `taskset` exists (Linux); elsewhere unpinned, and the result says so.
import { type ChildProcess, execFile, type SpawnOptions, spawn, spawnSync } from 'node:child_process'
import { promisify } from 'node:util'

/** The servers' core and the load's: two processes on one core would measure each other. */
export const cores = { server: 0, load: 1 }

export const canPin = spawnSync('taskset', ['-c', '0,1', 'true'], { stdio: 'ignore' }).status === 0

export function spawnPinned(core: number, args: string[], options: SpawnOptions): ChildProcess {
  const [command, words] = pinned(core, args)
  return spawn(command, words, options)
}

/** Runs a file to its end. @returns what it printed. */
export async function runPinned(core: number, args: string[]): Promise<string> {
  const [command, words] = pinned(core, args)
  const { stdout } = await promisify(execFile)(command, words, { env: productionEnv() })
  return stdout
}

/** What every measured process gets: nothing of the shell's settings but where programs and compiled code are. */
export function productionEnv(extra: Record<string, string> = {}): Record<string, string> {
  const { PATH = '', NODE_COMPILE_CACHE } = process.env
  // With the cache of compiled code, as `npm start` has it.
  return { PATH, NODE_ENV: 'production', ...(NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE }), ...extra }
}

function pinned(core: number, args: string[]): [string, string[]] {
  return canPin ? ['taskset', ['-c', String(core), process.execPath, ...args]] : [process.execPath, args]
}
