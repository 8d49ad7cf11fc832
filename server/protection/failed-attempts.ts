// Failed client authentications. Only they meet a limit, never a right credential: nobody locks the rightful caller out.
import { LRUCache } from 'lru-cache'
import type { Now } from '../vocabulary/clock.ts'
import type { Alert } from './alerts.ts'
import { type CreateCounter, secondsLeft, windowOf } from './counter.ts'
import { keyOf, type Origin, originOf } from './networks.ts'

/** What somebody tried: the text he sent as client id, and from where. Whether such a client exists plays no part. */
export interface Attempt {
  clientId: string
  address: string
}

/** What is known of a failed attempt; the answer does not depend on the first. */
export interface Seen {
  /** The id is a client's: its owner may be under attack. */
  isClient: boolean
  /** False: nobody looked, so that it may have been right. */
  lookedUp: boolean
}

export interface FailedAttempts {
  /**
   * Whether the client may be looked up in the database for an attempt that memory alone did not prove. Beyond a limit
   * a few a second may: a client that was made a moment ago on another node gets in, and a flood costs nothing. Ids that
   * were clients before have look-ups of their own, so that a flood of random ones does not use up theirs.
   */
  mayLookUp: (attempt: Attempt) => boolean
  /** Notes that a client with this id was found. */
  noteClient: (clientId: string) => void
  /**
   * Counts a failed attempt.
   * @returns seconds to wait when it is answered 429; undefined while it is within the limits.
   */
  count: (attempt: Attempt, seen: Seen) => Promise<number | undefined>
}

/** Failures a minute. */
export const failureLimits = { perClientAndNetwork: 20, perAddress: 100, perClientAlert: 200 }
/** Look-ups a second for whoever is beyond a limit: of new ids, of one that was a client, of all that were. */
export const lookUpsPerSecond = { unknown: 10, perClient: 10, clients: 50 }
/** What `Retry-After` says at most: by then who is right is looked up, however long the limit holds. */
const longestWaitSeconds = 10
/** So many clients are remembered. */
const clientsLimit = 100_000

export interface FailedAttemptsOptions {
  now: Now
  createCounter: CreateCounter
  alert: Alert
}

export function createFailedAttempts({ now, createCounter, alert }: FailedAttemptsOptions): FailedAttempts {
  const countAddress = createCounter('failures-address', failureLimits.perAddress)
  const countPair = createCounter('failures-client-network', failureLimits.perClientAndNetwork)
  const countClient = createCounter('failures-client', failureLimits.perClientAlert)
  const throttled = createThrottled(now)
  const pass = createGate(now)
  // By size: with `max` it takes the room for all entries when it is made.
  const clients = new LRUCache<string, true>({ maxSize: clientsLimit, sizeCalculation: () => 1 })

  async function countForOwner(clientId: string): Promise<void> {
    // Over all networks nobody is refused: that would be a way to lock the client out.
    if (await countClient(keyOf(clientId)))
      alert(`client ${clientId}`, { clientId }, 'many failed authentications for this client')
  }

  return {
    mayLookUp(attempt) {
      const keys = keysOf(attempt)
      const over = [keys.address, keys.pair].find(throttled.has)
      if (over === undefined) return true
      if (!clients.has(attempt.clientId)) return pass(over, lookUpsPerSecond.unknown)
      return (
        pass(`client ${over} ${keys.pair}`, lookUpsPerSecond.perClient) &&
        pass(`clients ${over}`, lookUpsPerSecond.clients)
      )
    },
    noteClient: (clientId) => void clients.set(clientId, true),
    async count(attempt, { isClient, lookedUp }) {
      const keys = keysOf(attempt)
      const owner = isClient ? countForOwner(attempt.clientId) : undefined
      const isThrottled = () => throttled.has(keys.address) || throttled.has(keys.pair)
      // What is over its limit already is not counted on: a flood takes no memory.
      if (lookedUp && !isThrottled()) await countFailure(keys)
      await owner
      // The same whether somebody looked or not: it tells nothing about what would have been found.
      return isThrottled() || !lookedUp ? Math.min(secondsLeft(now()), longestWaitSeconds) : undefined
    },
  }

  async function countFailure({ address, pair, network }: AttemptKeys): Promise<void> {
    const [addressOver, pairOver] = await Promise.all([countAddress(address), countPair(pair)])
    if (addressOver) throttled.add(address)
    if (pairOver) throttled.add(pair)
    if (addressOver) alert(address, { network }, 'failed authentications from one address are throttled')
  }
}

interface AttemptKeys extends Origin {
  /** The id in the network. */
  pair: string
}

function keysOf({ clientId, address }: Attempt): AttemptKeys {
  const origin = originOf(address)
  return { ...origin, pair: keyOf(clientId, origin.network) }
}

/** Keys that are over their limit in this window, as far as this node knows. */
function createThrottled(now: Now) {
  let currentWindow = 0
  let keys = new Set<string>()
  const current = () => {
    const window = windowOf(now())
    if (window !== currentWindow) {
      currentWindow = window
      keys = new Set()
    }
    return keys
  }
  return { has: (key: string) => current().has(key), add: (key: string) => void current().add(key) }
}

/** Lets a few through each second. */
function createGate(now: Now): (key: string, limit: number) => boolean {
  let currentSecond = 0
  let passed = new Map<string, number>()
  return (key, limit) => {
    const second = Math.floor(now() / 1000)
    if (second !== currentSecond) {
      currentSecond = second
      passed = new Map()
    }
    const count = passed.get(key) ?? 0
    if (count >= limit) return false
    passed.set(key, count + 1)
    return true
  }
}
