// Tokens in files, shared by the processes of one user. What is in them is encrypted before it comes here.
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { takeFileLock } from './file-lock.ts'
import type { TokenStore } from './token-store.ts'

export interface FileStoreOptions {
  /**
   * Where the files are; made when it is not there, for this user alone. Default `latchkey` in `XDG_CACHE_HOME` or
   * `~/.cache`, on Windows in `LOCALAPPDATA`. It must be on a local disk, and may be in memory (`/dev/shm`).
   */
  folder?: string | undefined
}

export interface FileStore extends TokenStore {
  /** Forgets every token of this folder. */
  clear: () => Promise<void>
}

const ending = '.token'
/** What this store makes, and nothing else: the folder may hold files of others. Names come from the seal. */
const own = /^[0-9a-f]{32}\.(?:token|lock|(?:lock\.)?[0-9a-f-]{36}\.draft)$/
/** What nobody has written for so long belongs to a client that is gone. */
const keptMs = 7 * 24 * 3_600_000

/**
 * A store in files, so that processes and runs of a command share one token: files that only this user may read,
 * written whole or not at all; a lock whose holder died is taken over.
 *
 * @example
 * const api = createClient({ scopes: ['document_read'], store: fileStore() })
 */
export function fileStore({ folder = defaultFolder() }: FileStoreOptions = {}): FileStore {
  const fileOf = (name: string) => join(folder, `${name}${ending}`)
  let made: Promise<unknown> | undefined
  // Made once; a failure is tried again.
  const ready = async () => {
    made ??= mkdir(folder, { recursive: true, mode: 0o700 })
    await made.catch((error: unknown) => {
      made = undefined
      throw error
    })
  }
  return {
    get: (name) => absentWhenMissing(readFile(fileOf(name), 'utf8')),
    async set(name, value) {
      await ready()
      const draft = join(folder, `${name}.${crypto.randomUUID()}.draft`)
      try {
        await writeFile(draft, value, { mode: 0o600, flag: 'wx' })
        await rename(draft, fileOf(name))
      } catch (error) {
        await rm(draft, { force: true })
        throw error
      }
      // The token is stored; what cannot be tidied today can be another time.
      await sweep(folder).catch(() => undefined)
    },
    delete: (name) => rm(fileOf(name), { force: true }),
    async lock(name, holdMs) {
      await ready()
      return takeFileLock(join(folder, `${name}.lock`), holdMs)
    },
    async clear() {
      const names = (await absentWhenMissing(readdir(folder))) ?? []
      for (const name of names)
        if (own.test(name) && name.endsWith(ending)) await rm(join(folder, name), { force: true })
    },
  }
}

/** Removes what nobody has written for long: tokens of clients that are gone, drafts of processes that died. */
async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!own.test(name)) continue
    const file = join(folder, name)
    const found = await absentWhenMissing(stat(file))
    if (found && Date.now() - found.mtimeMs > keptMs) await rm(file, { force: true })
  }
}

function defaultFolder(): string {
  const { LOCALAPPDATA, XDG_CACHE_HOME } = process.env
  const base = process.platform === 'win32' ? LOCALAPPDATA : XDG_CACHE_HOME
  return join(base || join(homedir(), '.cache'), 'latchkey')
}

async function absentWhenMissing<Result>(work: Promise<Result>): Promise<Result | undefined> {
  return work.catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  })
}
