// The life of one access token: when it is used, renewed in the background, waited for, dropped.

import type { Runtime } from '../runtime.ts'
import { type Flight, startFlight } from './flight.ts'

/** A moment on both clocks. */
export interface Moment {
  wallMs: number
  monotonicMs: number
}

/** A token as the server granted it. */
export interface GrantedToken {
  value: string
  lifetimeMs: number
  /** When the request that brought it was sent: from here its life counts. */
  requestedAt: Moment
}

export type RequestToken = (signal: AbortSignal) => Promise<GrantedToken>

/** The token of one set of settings, shared by everybody who has them. */
export interface TokenLife {
  /**
   * A token that is good now: the held one, or the one that a single shared request brings.
   * @param request how to get a new one, when there is need.
   */
  get: (request: RequestToken, signal: AbortSignal | undefined) => Promise<string>
  /**
   * Says that an API refused this token with 401. It is forgotten if it is still the held one.
   * @returns false when the held token must stay, because newer ones were refused a moment ago too.
   */
  drop: (refused: string) => boolean
  /** Says that a new token did not help: for 30 seconds no refusal causes a renewal. */
  keepForNow: () => void
  /** True when there is nothing to remember. */
  idle: () => boolean
}

const keptMs = 30_000

interface HeldToken extends GrantedToken {
  softMs: number
  hardMs: number
  renewed: boolean
}

export function createTokenLife(runtime: Runtime): TokenLife {
  let held: HeldToken | undefined
  let flight: Flight<HeldToken> | undefined
  let keptUntilMs = Number.NEGATIVE_INFINITY

  function depart(request: RequestToken, background: boolean): Flight<HeldToken> {
    const started = startFlight(
      async (signal) => {
        try {
          const token = hold(await request(signal), runtime.random())
          held = token
          return token
        } finally {
          if (flight === started) flight = undefined
        }
      },
      { background },
    )
    return started
  }

  return {
    async get(request, signal) {
      signal?.throwIfAborted()
      const age = held ? ageMs(held, runtime) : 0
      if (held && age < held.hardMs) {
        // Once in a token's life: if it fails, callers wait at the hard limit, with all its retries.
        if (age >= held.softMs && !held.renewed) {
          held.renewed = true
          flight ??= depart(request, true)
        }
        return held.value
      }
      if (!flight || flight.cancelled()) flight = depart(request, false)
      return (await flight.join(signal)).value
    },
    drop(refused) {
      if (held?.value !== refused) return true
      if (runtime.monotonicNow() < keptUntilMs) return false
      held = undefined
      return true
    },
    keepForNow() {
      keptUntilMs = runtime.monotonicNow() + keptMs
    },
    idle() {
      const living = held !== undefined && ageMs(held, runtime) < held.hardMs
      return !living && flight === undefined && runtime.monotonicNow() >= keptUntilMs
    },
  }
}

/**
 * Renewal begins at a random point between 70 and 80 % of the life, so that processes started together
 * spread; waiting begins before the token can expire on its way to the API.
 */
function hold(token: GrantedToken, random: number): HeldToken {
  const { lifetimeMs } = token
  return {
    ...token,
    softMs: lifetimeMs * (0.7 + 0.1 * random),
    hardMs: lifetimeMs - Math.min(30_000, lifetimeMs * 0.1),
    renewed: false,
  }
}

/** By the clock that says more: one may stand still during sleep, the other may be set back. */
function ageMs({ requestedAt }: GrantedToken, runtime: Runtime): number {
  const { wallMs, monotonicMs } = requestedAt
  return Math.max(runtime.now() - wallMs, runtime.monotonicNow() - monotonicMs)
}
