// What a process did with one API client: the figures behind `token.stats()`.
import { processMap } from '../process-map.ts'
import { judgeReuse, type ReuseFacts, type ReuseVerdict } from './reuse.ts'

/** Since the start of the process, for one API client, whatever its scopes. */
export interface TokenStats extends ReuseFacts, ReuseVerdict {
  /** How often a caller got a token. */
  tokensUsed: number
  /** How often a caller waited for the request of another. */
  coalesced: number
  /** Token requests that brought none. */
  failed: number
  /** Calls sent again with a new token, because the API refused the one they had. */
  retriesAfter401: number
}

export interface Tally {
  count: (what: 'tokensUsed' | 'coalesced' | 'failed' | 'retriesAfter401') => void
  granted: (lifetimeMs: number) => void
  called: (nowMs: number) => void
  stats: () => TokenStats
  /** Warnings that were given: each is given once. */
  warned: Set<string>
}

/** @param shared false: the figures are of one client object alone. */
export function tallyOf(key: { tokenEndpoint: string; clientId: string }, shared: boolean): Tally {
  if (!shared) return createTally()
  const tallies = processMap<Tally>('tallies 1')
  const name = JSON.stringify([key.tokenEndpoint, key.clientId])
  const existing = tallies.get(name)
  if (existing) return existing
  const tally = createTally()
  tallies.set(name, tally)
  return tally
}

function createTally(): Tally {
  const counts = { tokensUsed: 0, coalesced: 0, failed: 0, retriesAfter401: 0 }
  const facts: ReuseFacts = { tokenRequests: 0, apiCalls: 0, activeHours: 0, tokenLifetimeSeconds: 3600 }
  let lastHour = Number.NaN
  return {
    warned: new Set(),
    count(what) {
      counts[what] += 1
    },
    granted(lifetimeMs) {
      facts.tokenRequests += 1
      facts.tokenLifetimeSeconds = lifetimeMs / 1000
    },
    called(nowMs) {
      facts.apiCalls += 1
      const hour = Math.floor(nowMs / 3_600_000)
      if (hour !== lastHour) facts.activeHours += 1
      lastHour = hour
    },
    stats: () => ({ ...facts, ...counts, ...judgeReuse(facts) }),
  }
}
