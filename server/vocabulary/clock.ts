import { v7 as uuidv7 } from 'uuid'

/** Milliseconds since 1970. Handed in, so that tests move the clock. */
export type Now = () => number

/** Makes a new id: a prefix such as `doc` and a UUIDv7; without prefix the bare UUID. */
export type NewId = (prefix?: string) => string

/**
 * Ids that sort by their time of birth and never twice the same (RFC 9562 §6.2, method 1:
 * a counter keeps those of one millisecond in order).
 */
export function createIds(now: Now): NewId {
  let lastMs = 0
  let sequence = 0
  return (prefix) => {
    const at = now()
    if (at > lastMs) {
      lastMs = at
      sequence = (Math.random() * 0x7fffffff) >>> 1
    } else {
      sequence += 1
    }
    const id = uuidv7({ msecs: lastMs, seq: sequence })
    return prefix === undefined ? id : `${prefix}_${id}`
  }
}
