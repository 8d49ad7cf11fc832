import { createRemoteJWKSet, customFetch, type FetchImplementation } from 'jose'

/** The issuer's keys could not be fetched: no verdict on the token is possible. */
export class KeysUnavailable extends Error {}

/** How often the keys are fetched at most, whatever comes: a forged `kid` must not turn us into a flood. */
const cooldownMs = 30_000
/** So long the last keys are good while their server is away. */
const keepMs = 24 * 3_600_000

/**
 * The keys that an issuer publishes (RFC 7517 §5): kept for five minutes, fetched again for an unknown `kid`, at
 * most once in 30 s, also while the fetch fails. While their server is away the last ones are used for a day.
 */
export function publishedKeys(jwksUri: string): ReturnType<typeof createRemoteJWKSet> {
  let failedAt = Number.NEGATIVE_INFINITY
  let last: { text: string; at: number } | undefined

  async function fetchKeys(
    url: string,
    options: Parameters<FetchImplementation>[1],
  ): Promise<string | undefined> {
    if (performance.now() - failedAt < cooldownMs) return undefined
    const text = await fetch(url, options).then(
      (response) => (response.status === 200 ? response.text() : undefined),
      () => undefined,
    )
    if (text === undefined) failedAt = performance.now()
    else last = { text, at: performance.now() }
    return text
  }

  const patient: FetchImplementation = async (url, options) => {
    const text = await fetchKeys(url, options)
    if (text !== undefined) return new Response(text)
    if (last && performance.now() - last.at < keepMs) return new Response(last.text)
    throw new KeysUnavailable('The keys could not be fetched.')
  }
  return createRemoteJWKSet(new URL(jwksUri), {
    cooldownDuration: cooldownMs,
    cacheMaxAge: 300_000,
    timeoutDuration: 5000,
    [customFetch]: patient,
  })
}
