// The program as people run it: a process of its own, its output kept.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** All that a process gets of the environment of the tests; the cache is what `npm start` sets, too. */
const inherited = {
  PATH: process.env.PATH,
  ...(process.env.NODE_COMPILE_CACHE && { NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE }),
}

const mainFile = new URL('../main.ts', import.meta.url).pathname

export interface ServerProcess {
  child: ChildProcess
  /** Everything it wrote, to either stream. */
  output: () => string
  url: string
  /** Resolves when it ended. */
  exited: Promise<number | null>
}

export interface Folder {
  path: string
  /** The demo client, as `data/demo.env` names it. */
  demo: () => { clientId: string; clientSecret: string }
  remove: () => void
}

export function makeFolder(): Folder {
  const path = mkdtempSync(join(tmpdir(), 'latchkey-process-'))
  return {
    path,
    demo() {
      const text = readFileSync(join(path, 'demo.env'), 'utf8')
      const read = (name: string) => new RegExp(`^${name}=(.+)$`, 'm').exec(text)?.[1] ?? ''
      return { clientId: read('LATCHKEY_CLIENT_ID'), clientSecret: read('LATCHKEY_CLIENT_SECRET') }
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  }
}

/** Starts `server/main.ts` on a data folder; does not wait. */
export async function startProcess(
  folder: string,
  settings: Record<string, string> = {},
): Promise<ServerProcess> {
  const port = await freePort()
  const child = spawn(process.execPath, [mainFile], {
    env: { ...inherited, LATCHKEY_DATA_DIR: folder, LATCHKEY_PORT: String(port), ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  const exited = once(child, 'close').then(([code]) => (typeof code === 'number' ? code : null))
  return { child, output: () => output, url: `http://127.0.0.1:${port}`, exited }
}

/** Starts it and waits until it is ready. @throws {Error} with its output when it ends instead. */
export async function startReady(
  folder: string,
  settings: Record<string, string> = {},
): Promise<ServerProcess> {
  const server = await startProcess(folder, settings)
  let ended = false
  void server.exited.then(() => {
    ended = true
  })
  while (!ended) {
    const ready = await fetch(`${server.url}/readyz`).then(
      (answer) => answer.ok,
      () => false,
    )
    if (ready) return server
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  throw new Error(`The server ended:\n${server.output()}`)
}

export async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

/** Runs an operator's command on a data folder to its end. @param terminal words without spaces. */
export async function runCommand(
  folder: string,
  words: readonly string[],
  settings: Record<string, string> = {},
  { terminal = false } = {},
): Promise<{ code: number | null; output: string }> {
  const line = [process.execPath, mainFile, ...words]
  // `script` runs it at a terminal of its own.
  const [program = '', ...args] = terminal ? ['script', '-qec', line.join(' '), '/dev/null'] : line
  const child = spawn(program, args, {
    env: { ...inherited, LATCHKEY_DATA_DIR: folder, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text
    })
  }
  const [code] = await once(child, 'close')
  return { code: typeof code === 'number' ? code : null, output }
}

/** A signing process that answers; its socket is `signer.sock` in the folder, its keys are beside it. */
export async function startSigner(
  folder: string,
): Promise<{ socket: string; keys: string; child: ChildProcess }> {
  const [socket, keys] = [join(folder, 'signer.sock'), join(folder, 'signer-keys')]
  const child = spawn(process.execPath, [mainFile, 'signer', '--socket', socket, '--keys', keys], {
    env: inherited,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  // It says when it answers; an end without that is an empty line.
  const [line] = await once(child.stdout, 'data').catch(() => [''])
  if (!String(line).includes('answers')) throw new Error('The signing process did not start.')
  return { socket, keys, child }
}
