// Follows the feed of revocations: a guard that verifies offline refuses a revoked token within about a second.
import type { AccessToken } from './access-token.ts'
import { type Ask, AuthorizationServerError } from './authorization-server.ts'
import { type Page, readPage } from './revocation-page.ts'

export interface FollowOptions {
  /** Where the feed is. Default: `<issuer>/connect/revocations`. */
  url?: string
  /** How often it is read, in seconds. Default: 1. */
  everySeconds?: number
  /** How long an answer may take, in milliseconds. Default: 3000. */
  timeoutMs?: number
  /** How old the guard's knowledge may be, in seconds, before `whenStale` counts. Default: 300. */
  maxStalenessSeconds?: number
  /**
   * What happens to calls while it is older, or while the feed was never read: `refuse` answers 503 (fail closed),
   * `accept` goes on with what is known (fail open). Default: `refuse`.
   */
  whenStale?: 'refuse' | 'accept'
}

/** What a guard knows of the revocations of one environment. */
export interface Following {
  /** Seconds since the knowledge was current; undefined: the feed was never read. */
  ageSeconds: number | undefined
  /** True: older than `maxStalenessSeconds`. */
  stale: boolean
  /** How many revoked tokens, and clients with revoked tokens, are known. */
  entries: number
  /** Why it could not be read the last time. */
  error?: string
}

export interface RevocationFeed {
  verdict: (token: AccessToken) => 'live' | 'revoked' | 'unknown'
  /** Resolves when the feed was tried to be read for the first time. */
  firstTry: Promise<void>
  state: () => Following
  close: () => void
}

interface FeedOptions {
  ask: Ask
  url: string
  everySeconds: number
  maxStalenessSeconds: number
  whenStale: 'refuse' | 'accept'
  /** So long after its end a token may still be accepted, in seconds: until then what was said of it counts. */
  clockSkewSeconds: number
  now: () => number
  /** Milliseconds on a clock that nobody sets. */
  elapsed: () => number
  onError: (error: Error) => void
}

/** However often it fails: the first successful read after an outage is not far. */
const longestPauseMs = 5000
/** The server repeats the entries of its last ten seconds. Who was silent for longer than half of it reads everything again. */
const silentMs = 5000

export function followRevocations(options: FeedOptions): RevocationFeed {
  const { ask, url, everySeconds, maxStalenessSeconds, whenStale, now, elapsed, onError } = options
  /** Dead tokens, and since when tokens of a client live; each with the time when it can be forgotten. */
  const tokens = new Map<string, number>()
  const clients = new Map<string, { notBefore: number; until: number }>()
  let timer: NodeJS.Timeout | undefined
  let closed = false
  let after = 0
  let knownAt: number | undefined
  let failures = 0
  let lastError: string | undefined

  function take({ entries }: Page): void {
    for (const { tokenId, clientId, notBefore, expiresAt } of entries) {
      if (tokenId !== undefined) tokens.set(tokenId, expiresAt)
      if (notBefore === undefined) continue
      const known = clients.get(clientId)
      // What is dead stays dead, in whatever order it is told.
      clients.set(clientId, {
        notBefore: Math.max(notBefore, known?.notBefore ?? 0),
        until: Math.max(expiresAt, known?.until ?? 0),
      })
    }
  }

  function forgetExpired(): void {
    const ended = now() - options.clockSkewSeconds * 1000
    for (const [id, until] of tokens) if (until < ended) tokens.delete(id)
    for (const [id, { until }] of clients) if (until < ended) clients.delete(id)
  }

  async function read(): Promise<void> {
    // After a silence also what was restored, renumbered or committed late is read.
    if (knownAt === undefined || elapsed() - knownAt > silentMs) after = 0
    for (;;) {
      const askedAt = elapsed()
      const page = readPage(await ask(`${url}?after=${after}`))
      take(page)
      if (page.next <= after) {
        knownAt = askedAt
        return
      }
      after = page.next
    }
  }

  async function readOnce(): Promise<number> {
    try {
      await read()
      forgetExpired()
      failures = 0
      lastError = undefined
      return everySeconds * 1000
    } catch (error) {
      const failure =
        error instanceof AuthorizationServerError
          ? error
          : new AuthorizationServerError('The feed of revocations cannot be read.')
      lastError = failure.message
      failures += 1
      // Once, not at each try of an outage.
      if (failures === 1) onError(failure)
      const pauseMs = Math.min(longestPauseMs, everySeconds * 1000 * 2 ** (failures - 1))
      return Math.max(pauseMs, (failure.retryAfterSeconds ?? 0) * 1000)
    }
  }

  function readAgainAfter(pauseMs: number): void {
    if (closed) return
    // Spread, so that many guards do not ask at one moment.
    timer = setTimeout(() => void readOnce().then(readAgainAfter), pauseMs * (0.8 + 0.4 * Math.random()))
    // It never keeps a process alive.
    timer.unref?.()
  }

  const firstTry = readOnce().then(readAgainAfter)

  const ageMs = () => (knownAt === undefined ? undefined : elapsed() - knownAt)
  const isStale = () => (ageMs() ?? Number.POSITIVE_INFINITY) > maxStalenessSeconds * 1000
  return {
    verdict({ id, clientId, issuedAt }) {
      const notBefore = clients.get(clientId)?.notBefore
      if (tokens.has(id) || (notBefore !== undefined && mintedAt(id, issuedAt) <= notBefore)) return 'revoked'
      return whenStale === 'refuse' && isStale() ? 'unknown' : 'live'
    },
    firstTry,
    state() {
      const age = ageMs()
      return {
        ageSeconds: age === undefined ? undefined : Math.round(age) / 1000,
        stale: isStale(),
        entries: tokens.size + clients.size,
        ...(lastError !== undefined && { error: lastError }),
      }
    },
    close() {
      closed = true
      clearTimeout(timer)
    },
  }
}

/** Milliseconds: inside the id, a UUIDv7 (RFC 9562 §5.7); an id of another kind leaves the second of `iat`. */
function mintedAt(id: string, issuedAt: number): number {
  const uuid = /^([0-9a-f]{8})-([0-9a-f]{4})-7/.exec(id)
  return uuid ? Number.parseInt(`${uuid[1]}${uuid[2]}`, 16) : issuedAt * 1000
}
