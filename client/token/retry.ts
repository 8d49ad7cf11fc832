/** How a request is tried again. */
export interface RetryPolicy {
  tries: number
  /** The longest wait before the second try; it doubles with each further one. */
  baseMs: number
  /** All tries and the waits between them end by then, but for waits that the server asks for. */
  deadlineMs: number
  /** The longest wait that a server may ask for. */
  askedLimitMs: number
}

export const retryPolicy: RetryPolicy = {
  tries: 5,
  baseMs: 300,
  deadlineMs: 10_000,
  askedLimitMs: 60_000,
}

/** Statuses that say "not now" rather than "no". */
export function isPassing(status: number): boolean {
  return status === 429 || (status >= 502 && status <= 504)
}

/** Full jitter: anything up to the doubled base, so that callers who failed together do not return together. */
export function jitterMs(failedTries: number, random: number, { baseMs }: RetryPolicy): number {
  return random * baseMs * 2 ** (failedTries - 1)
}

/** What `Retry-After` asks for (RFC 9110 §10.2.3), seconds or a date, within the limit; else undefined. */
export function askedMs(header: string | null, nowMs: number, limitMs: number): number | undefined {
  if (header === null) return undefined
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - nowMs
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(0, ms), limitMs)
}
