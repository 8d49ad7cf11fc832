// Our server as it runs in production: the real entry point, the embedded database, every request recorded.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { type Server, startServer } from '../servers/start-server.ts'
import { type BenchClient, scope } from './callers.ts'

export interface Latchkey {
  server: Server
  /** Stops the server, which writes what waits. @returns how many token requests it recorded. */
  stopAndCount: () => Promise<number>
  /** Removes its data. */
  remove: () => void
}

/** The program, and the same without its recorder. */
const entries = {
  latchkey: fileURLToPath(new URL('../../server/main.ts', import.meta.url)),
  'latchkey unrecorded': fileURLToPath(new URL('unrecorded-server.ts', import.meta.url)),
}

export async function startLatchkey(
  name: keyof typeof entries,
  callers: readonly BenchClient[],
): Promise<Latchkey> {
  const dataDir = mkdtempSync(join(tmpdir(), 'latchkey-bench-'))
  const remove = () => rmSync(dataDir, { recursive: true, force: true })
  try {
    const setup = join(dataDir, 'setup.json')
    writeFileSync(setup, JSON.stringify(declaredSetup(callers)), { mode: 0o600 })
    const server = await startServer({
      name,
      // As npm start runs it.
      args: () => ['--max-semi-space-size=8', entries[name]],
      env: (port) => ({
        LATCHKEY_DATA_DIR: join(dataDir, 'data'),
        LATCHKEY_APPLY: setup,
        LATCHKEY_PORT: String(port),
        LATCHKEY_PUBLIC_URL: 'https://api.example',
        LATCHKEY_MASTER_KEY: randomBytes(32).toString('hex'),
      }),
      readyPath: '/readyz',
    })
    const stopAndCount = async () => {
      await server.stop()
      return countRecords(join(dataDir, 'data', 'activity'))
    }
    return { server, stopAndCount, remove }
  } catch (error) {
    remove()
    throw error
  }
}

function declaredSetup(callers: readonly BenchClient[]): object {
  const clients = callers.map(({ clientId, clientSecret }) => ({
    clientId,
    environment: 'test',
    name: 'Bench client',
    scopes: [scope],
    secrets: [{ name: 'first', secret: clientSecret }],
  }))
  return { accounts: [{ id: 'bench', name: 'Bench', clients }] }
}

/** Over the files of all days; a run may go past midnight. */
function countRecords(folder: string): number {
  const files = readdirSync(folder).filter((name) => /^[\d-]{10}\.db$/.test(name))
  return files.reduce((sum, name) => sum + countEntries(join(folder, name)), 0)
}

function countEntries(file: string): number {
  const day = new DatabaseSync(file, { readOnly: true })
  try {
    const row = day.prepare('select count(*) as recorded from activity').get()
    return Number(row?.recorded)
  } finally {
    day.close()
  }
}
