// A PostgreSQL for the tests alone: on a free port of 127.0.0.1, in a folder that goes away with it.
import { type SpawnSyncOptionsWithStringEncoding, spawn, spawnSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { install, isRoot } from './debian.ts'

export interface RunningPostgres {
  url: string
  stop: () => void
}

/** @returns undefined where there is none and none can be installed; it has said so then. */
export async function startPostgres(): Promise<RunningPostgres | undefined> {
  const bin = findBinaries() ?? (install('postgresql') ? findBinaries() : undefined)
  if (bin === undefined) {
    process.stdout.write(
      'Left out: the tests on PostgreSQL. It is not installed here, and only root with apt-get could.\n',
    )
    return undefined
  }
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-postgres-'))
  const port = await freePort()
  if (isRoot) chownSync(folder, ...postgresUser())
  const initialised = asPostgres(bin, 'initdb', [
    '-D',
    join(folder, 'data'),
    '-U',
    'postgres',
    '--auth=trust',
    '-E',
    'UTF8',
    '--no-sync',
  ])
  if (initialised.status !== 0) throw new Error(`initdb failed: ${initialised.stderr}`)
  const options = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1 -c max_connections=200 -c fsync=off -c full_page_writes=off`
  const started = asPostgres(bin, 'pg_ctl', [
    '-D',
    join(folder, 'data'),
    '-w',
    '-l',
    join(folder, 'log'),
    '-o',
    options,
    'start',
  ])
  if (started.status !== 0) throw new Error(`PostgreSQL did not start: ${started.stderr}`)
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    stop() {
      asPostgres(bin, 'pg_ctl', ['-D', join(folder, 'data'), '-m', 'immediate', 'stop'])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function findBinaries(): string | undefined {
  const base = '/usr/lib/postgresql'
  if (existsSync(base)) {
    const versions = readdirSync(base).sort((a, b) => Number(b) - Number(a))
    const version = versions.find((name) => existsSync(join(base, name, 'bin', 'initdb')))
    if (version) return join(base, version, 'bin')
  }
  const elsewhere = spawnSync('sh', ['-c', 'command -v initdb'], { encoding: 'utf8' }).stdout.trim()
  return elsewhere === '' ? undefined : join(elsewhere, '..')
}

/** PostgreSQL refuses to run as root. */
function asPostgres(bin: string, command: string, args: readonly string[]) {
  const path = join(bin, command)
  const options: SpawnSyncOptionsWithStringEncoding = {
    encoding: 'utf8',
    cwd: tmpdir(),
    stdio: ['ignore', 'ignore', 'pipe'],
  }
  if (!isRoot) return spawnSync(path, args, options)
  const quoted = [path, ...args].map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(' ')
  return spawnSync('su', ['postgres', '-s', '/bin/sh', '-c', quoted], options)
}

function postgresUser(): [number, number] {
  const id = (flag: string) => Number(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout.trim())
  return [id('-u'), id('-g')]
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

/** Ends the child with this process, whatever ends it. */
export function runToEnd(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const child = spawn(command, args, { stdio: 'inherit', env })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal))
  return new Promise((resolve) => child.once('exit', (code) => resolve(code ?? 1)))
}
