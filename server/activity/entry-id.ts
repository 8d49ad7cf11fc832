// The id of an entry is `req_` and a UUIDv7 (RFC 9562 §5.7), which begins with its time: it says in which day's file or
// partition the entry is, and entries sort by it.

export const hourMs = 3_600_000
export const dayMs = 24 * hourMs

const form = /^req_[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** The UUID of a request id; undefined for what cannot be one. */
export function uuidOf(requestId: string): string | undefined {
  return form.test(requestId) ? requestId.slice(4) : undefined
}

export function requestIdOf(uuid: string): string {
  return `req_${uuid}`
}

/** When it began, in milliseconds. */
export function timeOf(uuid: string): number {
  return Number.parseInt(uuid.slice(0, 8) + uuid.slice(9, 13), 16)
}

/** The same of a request id. */
export function beganAt(requestId: string): number {
  return timeOf(requestId.slice(4))
}

/** The day it belongs to: days since 1970, UTC. */
export function dayOf(uuid: string): number {
  return dayAt(timeOf(uuid))
}

export function dayAt(ms: number): number {
  return Math.floor(ms / dayMs)
}

/** Below every id of this moment and after, above every one before. */
export function lowestUuid(ms: number): string {
  const hex = Math.min(Math.max(Math.floor(ms), 0), 2 ** 48 - 1)
    .toString(16)
    .padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`
}

/** `2026-11-24` */
export function nameOfDay(day: number): string {
  return new Date(day * dayMs).toISOString().slice(0, 10)
}
