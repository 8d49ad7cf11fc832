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

/**
 * What `Retry-After` asks for (RFC 9110 §10.2.3), whole seconds or a date, within the limit.
 * @returns undefined when it asks for nothing, or is neither.
 */
export function askedMs(header: string | null, nowMs: number, limitMs: number): number | undefined {
  if (header === null) return undefined
  // Date.parse would read much else as some date.
  const isDate = /^[A-Z][a-z]+, .+ GMT$/.test(header)
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : isDate ? Date.parse(header) - nowMs : Number.NaN
  // None at all, or a date past (our clock may be ahead of theirs), says nothing of how long.
  return ms > 0 ? Math.min(ms, limitMs) : undefined
}
