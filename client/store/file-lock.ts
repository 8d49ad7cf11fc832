// A lock that is a file: who makes it has it. It says whose it is, so that one of the dead can be taken over.
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'

interface Holder {
  processId: number
  host: string
  untilMs: number
  id: string
}

/** @returns what frees it; undefined while another holds it. */
export async function takeFileLock(file: string, holdMs: number): Promise<(() => Promise<void>) | undefined> {
  const holder: Holder = {
    processId: process.pid,
    host: hostname(),
    untilMs: Date.now() + holdMs,
    id: crypto.randomUUID(),
  }
  const text = JSON.stringify(holder)
  if (!(await make(file, text)) && !((await removeStale(file)) && (await make(file, text)))) return undefined
  return async () => {
    // Another may have it by now, when we took too long.
    if ((await read(file)) === text) await rm(file, { force: true })
  }
}

/** A link appears whole or not at all, so that nobody reads half a lock. */
async function make(file: string, text: string): Promise<boolean> {
  const draft = `${file}.${crypto.randomUUID()}.draft`
  await writeFile(draft, text, { mode: 0o600, flag: 'wx' })
  try {
    await link(draft, file)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  } finally {
    await rm(draft, { force: true })
  }
}

/** @returns true when the lock was of the dead, and is gone. */
async function removeStale(file: string): Promise<boolean> {
  const text = await read(file)
  if (text === undefined) return true
  if (!isStale(text)) return false
  // Of those who see the same lock, one can move it away.
  const moved = `${file}.${crypto.randomUUID()}.draft`
  try {
    await rename(file, moved)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return true
    throw error
  }
  const mine = (await read(moved)) === text
  // A new holder was faster: give it back, unless there is another one again.
  if (!mine) await link(moved, file).catch(() => undefined)
  await rm(moved, { force: true })
  return mine
}

function isStale(text: string): boolean {
  const { processId, host, untilMs } = parse(text)
  if (!(Number(untilMs) > Date.now())) return true
  return host === hostname() && typeof processId === 'number' && !isAlive(processId)
}

function parse(text: string): Partial<Record<keyof Holder, unknown>> {
  try {
    const holder: unknown = JSON.parse(text)
    return typeof holder === 'object' && holder !== null ? holder : {}
  } catch {
    return {}
  }
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0)
    return true
  } catch (error) {
    // It is there, but of another user.
    return codeOf(error) === 'EPERM'
  }
}

async function read(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  })
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
