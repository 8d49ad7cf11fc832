// The life of one access token: when it is used, renewed in the background, waited for, dropped.
import type { Observe } from '../observation/measurement.ts'
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

/** Tokens in whose place another one is needed. */
export interface Unwanted {
  /** It still works, for a while. */
  ageing: string | undefined
  /** An API said that it does not work. */
  refused: string | undefined
}

/** Brings a token that is none of the unwanted ones. */
export type Obtain = (signal: AbortSignal, unwanted: Unwanted) => Promise<GrantedToken>

/** The token of one set of settings, shared by everybody who has them. */
export interface TokenLife {
  /**
   * A token that is good now: the held one, or the one that a single shared request brings.
   * @param obtain how to get a new one, when there is need.
   */
  get: (obtain: Obtain, signal: AbortSignal | undefined, observe?: Observe) => Promise<string>
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
  renewed: boolean
}

export function createTokenLife(runtime: Runtime): TokenLife {
  let held: HeldToken | undefined
  let refusedValue: string | undefined
  let flight: Flight<HeldToken> | undefined
  let keptUntilMs = Number.NEGATIVE_INFINITY

  function depart(obtain: Obtain, background: boolean): Flight<HeldToken> {
    const unwanted: Unwanted = { ageing: held?.value, refused: refusedValue }
    const started = startFlight(
      async (signal) => {
        try {
          const token = hold(await obtain(signal, unwanted), runtime.random())
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

  async function waitForToken(obtain: Obtain, signal: AbortSignal | undefined, observe: Observe) {
    const startedMs = runtime.monotonicNow()
    if (flight && !flight.cancelled()) observe({ name: 'token.coalesced', value: 1 })
    else flight = depart(obtain, false)
    const token = await flight.join(signal)
    observe({ name: 'token.wait_ms', value: runtime.monotonicNow() - startedMs })
    return token
  }

  return {
    async get(obtain, signal, observe = () => undefined) {
      signal?.throwIfAborted()
      let token = held
      if (!token || remainsMs(token, runtime) <= 0) token = await waitForToken(obtain, signal, observe)
      // Once in a token's life: if it fails, callers wait at the hard limit, with all its retries.
      else if (ageMs(token, runtime) >= token.softMs && !token.renewed) {
        token.renewed = true
        flight ??= depart(obtain, true)
      }
      observe({ name: 'token.used', value: 1 })
      observe({ name: 'token.age_s', value: ageMs(token, runtime) / 1000 })
      return token.value
    },
    drop(refused) {
      if (held?.value !== refused) return true
      if (runtime.monotonicNow() < keptUntilMs) return false
      held = undefined
      refusedValue = refused
      return true
    },
    keepForNow() {
      keptUntilMs = runtime.monotonicNow() + keptMs
    },
    idle() {
      const living = held !== undefined && remainsMs(held, runtime) > 0
      return !living && flight === undefined && runtime.monotonicNow() >= keptUntilMs
    },
  }
}

/** Renewal begins at a random point between 70 and 80 % of the life: processes started together spread. */
function hold(token: GrantedToken, random: number): HeldToken {
  return { ...token, softMs: token.lifetimeMs * (0.7 + 0.1 * random), renewed: false }
}

/** How long a token is still used. Waiting begins before it can expire on its way to the API. */
export function remainsMs(token: GrantedToken, runtime: Runtime): number {
  const { lifetimeMs } = token
  return lifetimeMs - Math.min(30_000, lifetimeMs * 0.1) - ageMs(token, runtime)
}

/** By the clock that says more: one may stand still during sleep, the other may be set back. */
function ageMs({ requestedAt }: GrantedToken, runtime: Runtime): number {
  const { wallMs, monotonicMs } = requestedAt
  return Math.max(runtime.now() - wallMs, runtime.monotonicNow() - monotonicMs)
}
