/**
 * Something that the SDK counted or measured. None holds a secret, a token or an address.
 *
 * - `token.used`: a caller got a token; `token.age_s`: how old it was, in seconds.
 * - `token.wait_ms`: how long a caller waited for one, in milliseconds; nothing when it was at hand.
 * - `token.coalesced`: a caller waited for the request of another.
 * - `token.requested`: a request was sent to the token endpoint, each try counted.
 * - `token.failed`: no token could be had; `error` is the code of RFC 6749 §5.2, `http_STATUS` or `unreachable`.
 * - `api.retry_401`: an API refused a token, and the call was sent again with a new one.
 */
export type Measurement =
  | { name: 'token.used' | 'token.coalesced' | 'token.requested' | 'api.retry_401'; value: 1 }
  | { name: 'token.failed'; value: 1; error: string }
  | { name: 'token.wait_ms' | 'token.age_s'; value: number }

export type Observe = (measurement: Measurement) => void

/** What observes must not disturb what it observes. */
export function quietly(observe: Observe | undefined): Observe {
  if (!observe) return () => undefined
  return (measurement) => {
    try {
      observe(measurement)
    } catch {
      // Whose code it is has its own ways to notice.
    }
  }
}
