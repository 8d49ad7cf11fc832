// P1: a fresh clone, two commands, the first 200 by the line that the server printed.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { waitForQuiet } from '../../bench/measure/quiet.ts'
import { freePort } from '../../server/testing/process.ts'
import { atMost, CannotMeasure, type Path, rounded } from './measure.ts'

const goals = { commands: 2, edits: 0, firstSeconds: 15, restartSeconds: 2 }
/** Others at work can only slow a start: the quickest says what it takes, so a slow one is tried again. */
const restarts = { least: 3, most: 8 }
/** How long a timed start waits for a moment in which others are at rest. */
const quietMs = 20_000
const longestMs = 120_000

export const localStart: Path = {
  id: 'P1',
  name: 'a fresh clone, by two commands',
  goal: `${goals.commands} commands, ${goals.edits} edits, ≤ ${goals.firstSeconds} s once installed, ≤ ${goals.restartSeconds} s on restart`,
  async measure() {
    const folder = mkdtempSync(join(tmpdir(), 'latchkey-clone-'))
    const clone = join(folder, 'latchkey')
    // What a person types; nothing else is done, and no file is changed by hand.
    const commands: string[] = []
    try {
      run('git', ['clone', '--quiet', '--no-hardlinks', process.cwd(), clone], process.cwd())
      const installMs = timed(() =>
        run(
          'npm',
          ['ci', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'],
          clone,
        ),
      )
      // The port of the settings may be taken on this machine.
      const port = await freePort()
      commands.push('npm start')
      const first = await firstAnswer(clone, port)
      const again: Answered[] = []
      const quickestMs = () => Math.min(...again.map(({ ms }) => ms))
      while (
        again.length < restarts.least ||
        (again.length < restarts.most && quickestMs() > goals.restartSeconds * 1000)
      )
        again.push(await firstAnswer(clone, port))
      commands.push('npm run try')
      await tryIt(clone, port)
      const busy = [first, ...again].every(({ quiet }) => quiet)
        ? ''
        : '; others were at work on this machine'
      const edits = Number(output('git', ['status', '--porcelain'], clone).trim() !== '')
      return {
        measured: `${commands.length} commands, ${edits} edits, ${seconds(first.ms)} s once installed (npm ci: ${seconds(installMs)} s), ${seconds(quickestMs())} s on restart${busy}`,
        missed: [
          ...atMost('Commands', commands.length, goals.commands),
          ...atMost('Changed files', edits, goals.edits),
          ...atMost('First start', first.ms / 1000, goals.firstSeconds, ' s'),
          ...atMost('Restart', quickestMs() / 1000, goals.restartSeconds, ' s'),
        ],
      }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

interface Answered {
  ms: number
  /** Nobody else was at work on the machine when it began. */
  quiet: boolean
}

/** From the command to the first 200 by the second line that it prints; then it is stopped as by Ctrl-C. */
async function firstAnswer(folder: string, port: number): Promise<Answered> {
  const quiet = await waitForQuiet(quietMs)
  const startedMs = performance.now()
  const server = startServer(folder, port)
  try {
    const line = await server.printedCall
    const answer: { items?: unknown[] } = JSON.parse(output('bash', ['-c', line], folder))
    if (!Array.isArray(answer.items))
      throw new Error(`The printed call was answered ${JSON.stringify(answer)}.`)
    return { ms: performance.now() - startedMs, quiet }
  } finally {
    await server.stop()
  }
}

async function tryIt(folder: string, port: number): Promise<void> {
  const server = startServer(folder, port)
  try {
    await server.printedCall
    run('npm', ['run', '--silent', 'try'], folder)
  } finally {
    await server.stop()
  }
}

interface Started {
  /** The line with the guarded call, once it is printed. */
  printedCall: Promise<string>
  stop: () => Promise<void>
}

function startServer(folder: string, port: number): Started {
  const env = { ...plainEnvironment(), LATCHKEY_PORT: String(port) }
  // A group of its own, so that the whole of it gets what Ctrl-C sends.
  const child = spawn('npm', ['start'], {
    cwd: folder,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  let written = ''
  const printedCall = new Promise<string>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`npm start printed no call:\n${written}`)), longestMs)
    const look = (text: string) => {
      written += text
      const line = /^ +(\. .*\/signature\/documents"; echo)$/m.exec(written)?.[1]
      if (line === undefined) return
      clearTimeout(timer)
      resolve(line)
    }
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', look)
    child.once('close', () => {
      clearTimeout(timer)
      reject(new Error(`npm start ended:\n${written}`))
    })
  })
  printedCall.catch(() => undefined)
  return { printedCall, stop: () => stopGroup(child) }
}

async function stopGroup(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null) return
  const closed = once(child, 'close')
  process.kill(-child.pid, 'SIGINT')
  const timer = setTimeout((pid) => process.kill(-pid, 'SIGKILL'), 20_000, child.pid)
  await closed
  clearTimeout(timer)
}

function run(command: string, words: string[], cwd: string): void {
  output(command, words, cwd)
}

function output(command: string, words: string[], cwd: string): string {
  const done = spawnSync(command, words, { cwd, env: plainEnvironment(), encoding: 'utf8' })
  if (done.error) throw new CannotMeasure(`${command} cannot be started here.`)
  if (done.status === 0) return done.stdout
  throw new Error(`${command} ${words[0]} failed: ${done.stderr.slice(-1000)}`)
}

/** As at a new terminal: without what npm and our own tasks set for their children. */
function plainEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value === undefined || /^(npm_|LATCHKEY_|TEST_|NODE_|INIT_CWD)/.test(name) ? [] : [[name, value]],
    ),
  )
}

function timed(work: () => void): number {
  const startedMs = performance.now()
  work()
  return performance.now() - startedMs
}

function seconds(ms: number): string {
  return rounded(Math.round(ms / 100) / 10)
}
