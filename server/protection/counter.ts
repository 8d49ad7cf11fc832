// Counts in windows, of a minute mostly, in memory and, where it is set, in Redis for all nodes together.
import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible'
import type { Now } from '../vocabulary/clock.ts'
import type { SharedStore } from './shared-store.ts'

/** Counts one for a key. @returns true when that is more than the limit of its window. */
export type Count = (key: string) => Promise<boolean>

/** Makes the counter of one limit. @param lengthMs how long its window is; a minute if it is not said. */
export type CreateCounter = (name: string, limit: number, lengthMs?: number) => Count

export const windowMs = 60_000
export const hourMs = 3_600_000

/** So many keys are told apart in a window; beyond, a node is under attack and every key is over its limit. */
const keysLimit = 100_000

/**
 * @param shared counts of all nodes; undefined: this node counts alone.
 */
export function counters(now: Now, shared: SharedStore | undefined): CreateCounter {
  return (name, limit, lengthMs = windowMs) => {
    const options = { points: limit, duration: lengthMs / 1000 }
    const memory = new RateLimiterMemory({ ...options, keyPrefix: name })
    const redis =
      shared &&
      new RateLimiterRedis({
        ...options,
        storeClient: shared.redis,
        keyPrefix: `${shared.prefix}${name}`,
        rejectIfRedisNotReady: true,
      })
    let currentWindow = 0
    let keys = 0

    return async (key) => {
      // In the key, because the package has a clock of its own: the window is that of ours.
      const window = windowOf(now(), lengthMs)
      if (window !== currentWindow) {
        currentWindow = window
        keys = 0
      }
      if (keys >= keysLimit) return true
      const windowKey = `${window}:${key}`
      // In memory always: when Redis goes away this node knows what it let through itself.
      const own = await memory.penalty(windowKey)
      if (own.isFirstInDuration) keys += 1
      const all = redis && (await shared.ask(() => redis.penalty(windowKey)))
      if (all) return Math.max(own.consumedPoints, all.consumedPoints) > limit
      // Alone, each node takes its share: together they stay below twice the limit (the first half is what Redis forgot).
      return own.consumedPoints > Math.ceil(limit / (shared?.nodes() ?? 1))
    }
  }
}

/** Which window a moment is in. */
export function windowOf(nowMs: number, lengthMs = windowMs): number {
  return Math.floor(nowMs / lengthMs)
}

/** Seconds until the next window: what `Retry-After` says. */
export function secondsLeft(nowMs: number, lengthMs = windowMs): number {
  return Math.ceil((lengthMs - (nowMs % lengthMs)) / 1000)
}
