// The keys that clients publish at an address of theirs (RFC 7591 §2 jwks_uri): fetched in the background, so
// that no token request ever waits for another's server.
import type { Database } from '../database/tables.ts'
import { OutboundError, type OutboundGet } from '../outbound.ts'
import type { Now } from '../vocabulary/clock.ts'
import type { Client } from './client.ts'
import { type KeyAddress, listDueKeyAddresses, saveFetchedKeys } from './fetched-key-store.ts'
import { isPrivateKey, readPublicKeys } from './public-keys.ts'

export interface PublishedKeys {
  /** Fetches the keys of a client again, soon; at most once in 30 s for each client. */
  refresh: (client: Client) => void
  /** Fetches what was never fetched or is old. Resolves when all of it was tried. */
  refreshDue: () => Promise<void>
  /** Ends the background work; resolves when none is under way. */
  close: () => Promise<void>
}

export interface PublishedKeysOptions {
  db: Database
  get: OutboundGet
  now: Now
  onError: (clientId: string, reason: string) => void
}

const pollMs = 30_000
/** Fetched keys are fetched again after so long, whether anybody asks or not. */
const refreshAfterMs = 3_600_000
/** However many forged `kid`s come: the client's server sees one request in this time. */
const cooldownMs = 30_000
/** An address that is dead is tried again after so long, when nobody asks. */
const retryAfterMs = 600_000
const dueLimit = 500
const parallel = 8

export function openPublishedKeys({ db, get, now, onError }: PublishedKeysOptions): PublishedKeys {
  const tried = new Map<string, { at: number; uri: string }>()
  const running = new Set<Promise<void>>()
  const closing = new AbortController()

  async function fetchKeys(address: KeyAddress): Promise<void> {
    try {
      const jwks = readSet(await get(address.uri, closing.signal))
      if (!closing.signal.aborted) await saveFetchedKeys(db, address, jwks, now())
    } catch (error) {
      const reason = error instanceof OutboundError ? error.reason : String(error)
      onError(address.clientId, reason)
    }
  }

  function start(address: KeyAddress, quietMs: number): Promise<void> {
    const last = tried.get(address.clientId)
    // Only the same address is left in peace: a new one is fetched at once.
    const isEarly = last?.uri === address.uri && now() - last.at < quietMs
    if (closing.signal.aborted || isEarly) return Promise.resolve()
    forgetOld()
    // Set anew, so that the oldest stay first.
    tried.delete(address.clientId)
    tried.set(address.clientId, { at: now(), uri: address.uri })
    const work = fetchKeys(address).finally(() => running.delete(work))
    running.add(work)
    return work
  }

  function forgetOld(): void {
    for (const [clientId, { at }] of tried) {
      if (now() - at < retryAfterMs) return
      tried.delete(clientId)
    }
  }

  async function refreshDue(): Promise<void> {
    const due = await listDueKeyAddresses(db, now() - refreshAfterMs, dueLimit)
    const worker = async () => {
      for (let next = due.shift(); next; next = due.shift()) await start(next, retryAfterMs)
    }
    await Promise.all(Array.from({ length: parallel }, worker))
  }

  const timer = setInterval(() => {
    const work = refreshDue()
      .catch((error: unknown) => onError('*', String(error)))
      .finally(() => running.delete(work))
    running.add(work)
  }, pollMs)
  timer.unref()

  return {
    refresh(client) {
      if (client.jwks === null && client.jwksUri !== null)
        void start({ clientId: client.id, uri: client.jwksUri }, cooldownMs)
    },
    refreshDue,
    async close() {
      closing.abort()
      clearInterval(timer)
      await Promise.all(running)
    },
  }
}

/** @throws {Error} for what is no JWK set with a usable key: the keys of before are kept. */
function readSet(text: string): object {
  const value: unknown = JSON.parse(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error('it is no JWK set')
  const jwks: Record<string, unknown> = { ...value }
  const { keys, certificates, errors } = readPublicKeys(jwks)
  if (keys.length + certificates.size === 0) throw new Error(`it has no usable key: ${errors[0] ?? ''}`)
  // What should not have been published is not kept.
  return { keys: [jwks.keys].flat().filter((key) => !isPrivateKey(key)) }
}
