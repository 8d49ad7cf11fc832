import { randomFillSync } from 'node:crypto'
import { v7 as uuidv7 } from 'uuid'

/** Milliseconds since 1970. Handed in, so that tests move the clock. */
export type Now = () => number

/** A moment as our answers write it: ISO 8601, UTC. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString()
}

/** The same where there may be none. */
export function isoTimeOrNull(ms: number | null | undefined): string | null {
  return ms === null || ms === undefined ? null : isoTime(ms)
}

/** Makes a new id: a prefix such as `doc` and a UUIDv7; without prefix the bare UUID. */
export type NewId = (prefix?: string) => string

/**
 * Ids that sort by their time of birth and never twice the same (RFC 9562 §6.2, method 1:
 * a counter keeps those of one millisecond in order).
 */
export function createIds(now: Now): NewId {
  const nextRandom = pooledRandom()
  let lastMs = 0
  let sequence = 0
  return (prefix) => {
    const at = now()
    const random = nextRandom()
    if (at > lastMs) {
      lastMs = at
      // Half of the range is left to count up in.
      sequence =
        (((random[0] ?? 0) << 24) | ((random[1] ?? 0) << 16) | ((random[2] ?? 0) << 8) | (random[3] ?? 0)) >>>
        1
    } else {
      sequence += 1
    }
    const id = uuidv7({ msecs: lastMs, seq: sequence, random })
    return prefix === undefined ? id : `${prefix}_${id}`
  }
}

/** 16 random bytes at a time out of a few kilobytes: one question to the system costs more than an id. */
function pooledRandom(): () => Uint8Array {
  const pool = new Uint8Array(16 * 256)
  let used = pool.length
  return () => {
    if (used === pool.length) {
      randomFillSync(pool)
      used = 0
    }
    used += 16
    // A copy: uuid writes version and variant into what it is given.
    return pool.slice(used - 16, used)
  }
}

/** A moment as people and programs read it, to the second: `2026-11-24T12:00:00Z`. */
export function timeText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`
}
