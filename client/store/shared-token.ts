// Brings a token from the store that processes share, or requests one for all of them.
import type { Runtime } from '../runtime.ts'
import type { Credential } from '../settings/credential.ts'
import { member, parseJson } from '../text/members.ts'
import {
  type GrantedToken,
  type Obtain,
  type RequestToken,
  remainsMs,
  type Unwanted,
} from '../token/token.ts'
import { wait } from '../token/wait.ts'
import { createSeal } from './seal.ts'
import type { TokenStore } from './token-store.ts'

export interface SharedTokenOptions {
  store: TokenStore
  /** Whose token it is: entries are encrypted with a key made from it. */
  credential: Credential
  /** What the token depends on. */
  name: string
  request: RequestToken
  runtime: Runtime
  /** Called with why, when the store failed. */
  onFailure: (reason: string) => void
}

/** So long the holder of the lock may take; longer, and the others help themselves. */
const holdMs = 30_000
/** The longest that an operation of the store is waited for. */
const patienceMs = 2000
const pollMs = 50

export async function shareToken(options: SharedTokenOptions): Promise<Obtain> {
  const { store, credential, name, request, runtime, onFailure } = options
  const material = await credential.keyMaterial()
  if (!material) {
    onFailure('the key of this client cannot be exported, so nothing could be encrypted with it')
    return request
  }
  const seal = await createSeal(material, name)

  /** A store that fails is as good as an empty one. */
  async function attempt<Result>(work: () => Promise<Result>): Promise<{ done: Result } | undefined> {
    try {
      return { done: await wait(work(), AbortSignal.timeout(patienceMs)) }
    } catch (error) {
      onFailure(reasonOf(error))
      return undefined
    }
  }

  /** @returns undefined when the store failed, null when it has no token that is of use. */
  async function find({ ageing, refused }: Unwanted): Promise<GrantedToken | null | undefined> {
    const read = await attempt(() => store.get(seal.name))
    if (read?.done === undefined) return read && null
    const token = readEntry(await seal.open(read.done), runtime)
    if (!token || remainsMs(token, runtime) <= 0) return null
    return token.value === ageing || token.value === refused ? null : token
  }

  async function requestForAll(signal: AbortSignal, { refused }: Unwanted): Promise<GrantedToken> {
    try {
      const token = await request(signal)
      const { value, lifetimeMs, requestedAt } = token
      const entry = JSON.stringify({ value, lifetimeMs, requestedAtMs: requestedAt.wallMs })
      await attempt(async () => store.set(seal.name, await seal.close(entry), lifetimeMs))
      return token
    } catch (error) {
      // Nothing better came. One that was refused is of use to nobody; one that ages is, until it has expired.
      const there = signal.aborted ? null : await find({ ageing: refused, refused })
      if (there === null && !signal.aborted) await attempt(() => store.delete(seal.name))
      throw error
    }
  }

  return async (signal, unwanted) => {
    const waitUntil = runtime.monotonicNow() + holdMs
    for (;;) {
      const found = await find(unwanted)
      if (found) return found
      // What cannot be read is not written either; what cannot be locked is still there for the next run.
      if (found === undefined) return request(signal)
      const locked = await attempt(() => store.lock(seal.name, holdMs))
      if (!locked || runtime.monotonicNow() >= waitUntil) return requestForAll(signal, unwanted)
      const release = locked.done
      if (release) {
        try {
          // Whoever had the lock before may have brought one.
          return (await find(unwanted)) ?? (await requestForAll(signal, unwanted))
        } finally {
          await attempt(release)
        }
      }
      await runtime.sleep(pollMs * (0.5 + runtime.random()), signal)
    }
  }
}

/** Its age is that of the wall clock: the monotonic one is another in each process. */
function readEntry(text: string | undefined, runtime: Runtime): GrantedToken | undefined {
  const entry = parseJson(text ?? '')
  const [value, lifetimeMs, wallMs] = ['value', 'lifetimeMs', 'requestedAtMs'].map((name) =>
    member(entry, name),
  )
  if (typeof value !== 'string' || typeof lifetimeMs !== 'number' || typeof wallMs !== 'number')
    return undefined
  const ageMs = runtime.now() - wallMs
  // The clock was set back since: how old it is cannot be known.
  if (ageMs < 0) return undefined
  return { value, lifetimeMs, requestedAt: { wallMs, monotonicMs: runtime.monotonicNow() - ageMs } }
}

/** The code of the system, or that it took too long; the words of others may hold anything. */
function reasonOf(error: unknown): string {
  if (error instanceof DOMException && error.name === 'TimeoutError') return 'it did not answer in time'
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return /^[A-Z0-9_]{2,40}$/.test(code) ? code : error instanceof Error ? error.name : 'an error'
}
