// The program under test: a process that reads a line for each call it shall make and answers with a line.
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** What a program may say that its client does not have; the rows about it are then left out. */
export const capabilities = ['api-calls', 'abort'] as const
export type Capability = (typeof capabilities)[number]

export interface CallOutcome {
  /** `silent`: no answer within the limit. `ended`: the program was no longer there. */
  kind: 'answered' | 'error' | 'silent' | 'ended'
  /** The HTTP status, of `answered` only. */
  status?: number
  elapsedMs: number
}

export interface Program {
  /** What its client does not have, as its first line says. */
  lacking: ReadonlySet<Capability>
  /** Makes one call. @param abortAfterMs when the program shall give it up by itself. */
  call: (url: string, abortAfterMs?: number) => Promise<CallOutcome>
  /** Everything that it wrote, to either stream. */
  output: () => string
  /** Ends its input, waits for its end, and ends what is left of it after the limit. */
  close: () => Promise<ProgramEnd>
}

export interface ProgramEnd {
  /** `killed`: it did not end by itself when its input ended. */
  how: 'by itself' | 'before its input ended' | 'killed'
  code: number | null
}

export interface Limits {
  /** From the start to the line `ready`. */
  readyMs: number
  /** For one call. */
  callMs: number
  /** From the end of its input to its own. */
  endMs: number
}

/** The program cannot take part: it does not start, or does not say that it is ready. */
export class ProgramNotReady extends Error {
  /** What it wrote, to either stream. */
  readonly output: string

  constructor(message: string, output: string) {
    super(message)
    this.output = output
  }
}

/** Starts the command. @throws {ProgramNotReady} */
export async function startProgram(
  command: readonly string[],
  environment: Record<string, string>,
  limits: Limits,
): Promise<Program> {
  const [file = '', ...args] = command
  // A group of its own: whatever it starts is ended with it.
  const child = spawn(file, args, {
    env: environment,
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
  })
  const waiting = new Map<string, (outcome: Pick<CallOutcome, 'kind' | 'status'>) => void>()
  const written: string[] = []
  let inputEnded = false
  let endedEarly = false
  const ready = Promise.withResolvers<ReadonlySet<Capability> | 'ended' | 'unknown'>()
  const ended = Promise.withResolvers<number | null>()
  // The program may have gone; its end is noticed as such.
  child.stdin.on('error', () => undefined)
  child.stderr.setEncoding('utf8').on('data', (text: string) => written.push(text))
  createInterface({ input: child.stdout }).on('line', (line) => {
    written.push(`${line}\n`)
    const first = /^ready(?: lacking (.+))?$/.exec(line.trim())
    if (first) return ready.resolve(readCapabilities(first[1]))
    const [, id = '', answer = ''] = /^(\d+) (\d{3}|error)$/.exec(line.trim()) ?? []
    waiting.get(id)?.(answer === 'error' ? { kind: 'error' } : { kind: 'answered', status: Number(answer) })
  })
  const onEnd = (code: number | null) => {
    endedEarly = !inputEnded
    ended.resolve(code)
    ready.resolve('ended')
    for (const answer of waiting.values()) answer({ kind: 'ended' })
  }
  child.once('error', (error) => {
    written.push(error.message)
    ready.resolve('unknown')
    onEnd(null)
  })
  child.once('close', onEnd)

  async function close(): Promise<ProgramEnd> {
    inputEnded = true
    child.stdin.end()
    const first = await Promise.race([ended.promise, after(limits.endMs, 'late' as const)])
    endGroup(child)
    // What has left the group may still hold the other end.
    for (const stream of [child.stdout, child.stderr]) stream.destroy()
    if (first === 'late') return { how: 'killed', code: null }
    return { how: endedEarly ? 'before its input ended' : 'by itself', code: child.exitCode }
  }

  let calls = 0
  let closing: Promise<ProgramEnd> | undefined
  const program: Omit<Program, 'lacking'> = {
    call(url, abortAfterMs) {
      calls += 1
      const id = String(calls)
      const startedMs = performance.now()
      return new Promise((resolve) => {
        const settle = (outcome: Pick<CallOutcome, 'kind' | 'status'>) => {
          clearTimeout(timer)
          waiting.delete(id)
          resolve({ ...outcome, elapsedMs: performance.now() - startedMs })
        }
        const timer = setTimeout(() => settle({ kind: 'silent' }), limits.callMs)
        waiting.set(id, settle)
        if (child.exitCode !== null || child.signalCode !== null) return settle({ kind: 'ended' })
        child.stdin.write(`${[id, url, ...(abortAfterMs === undefined ? [] : [abortAfterMs])].join(' ')}\n`)
      })
    },
    output: () => written.join(''),
    close() {
      closing ??= close()
      return closing
    },
  }
  const first = await Promise.race([ready.promise, after(limits.readyMs, 'late' as const)])
  if (typeof first !== 'string') return { ...program, lacking: first }
  await program.close()
  const reasons = {
    unknown: 'It could not be started.',
    ended: 'It ended before it said ready.',
    late: `It did not say ready within ${limits.readyMs / 1000} s.`,
  }
  throw new ProgramNotReady(reasons[first], program.output())
}

function readCapabilities(words = ''): ReadonlySet<Capability> {
  return new Set(capabilities.filter((capability) => words.split(/[ ,]+/).includes(capability)))
}

function after<Value>(ms: number, value: Value): Promise<Value> {
  return new Promise((resolve) => setTimeout(resolve, ms, value).unref())
}

/** By its id, never by its name: others may run the same program. */
function endGroup(child: ChildProcess): void {
  if (child.pid === undefined) return
  try {
    if (process.platform === 'win32') child.kill('SIGKILL')
    else process.kill(-child.pid, 'SIGKILL')
  } catch {
    // It ended a moment ago.
  }
}
