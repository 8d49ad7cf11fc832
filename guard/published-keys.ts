import { createRemoteJWKSet, customFetch, type FetchImplementation } from 'jose'

/** The issuer's keys could not be fetched: no verdict on the token is possible. */
export class KeysUnavailable extends Error {}

/** How often the keys are fetched at most, whatever comes: a forged `kid` must not turn us into a flood. */
const cooldownMs = 30_000

/**
 * The keys that an issuer publishes (RFC 7517 §5): kept for five minutes, fetched again for an unknown `kid`,
 * at most once in 30 s, also while the fetch fails.
 */
export function publishedKeys(jwksUri: string): ReturnType<typeof createRemoteJWKSet> {
  let failedAt = Number.NEGATIVE_INFINITY
  const limited: FetchImplementation = async (url, options) => {
    if (performance.now() - failedAt < cooldownMs)
      throw new KeysUnavailable('The keys could not be fetched a moment ago.')
    try {
      const response = await fetch(url, options)
      if (response.status === 200) return response
    } catch {
      // Told apart below: every failure means the same to the caller.
    }
    failedAt = performance.now()
    throw new KeysUnavailable('The keys could not be fetched.')
  }
  return createRemoteJWKSet(new URL(jwksUri), {
    cooldownDuration: cooldownMs,
    cacheMaxAge: 300_000,
    timeoutDuration: 5000,
    [customFetch]: limited,
  })
}
