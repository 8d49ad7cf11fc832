/** An identification session: its rules, without any storage. */
export interface Session {
  id: string
  status: 'created' | 'expired'
  /** Milliseconds. */
  createdAt: number
  /** Milliseconds. */
  expiresAt: number
}

/** How long a person has, in seconds. */
export const lifetime = { defaultSeconds: 900, minSeconds: 60, maxSeconds: 3600 }

/** What is stored stays `created`; time alone makes it `expired`. */
export function statusAt(expiresAt: number, nowMs: number): Session['status'] {
  return nowMs >= expiresAt ? 'expired' : 'created'
}
