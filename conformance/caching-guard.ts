// A guard that fetches the keys when its cache is as old as it may be, and never sooner: not even for a kid that it
// does not know. Where such a guard never refuses a good token, none does.
import { createPublicKey, type KeyObject } from 'node:crypto'
import { createGuard, type Guard } from '@latchkey/guard'

export interface CachingGuardOptions {
  issuer: string
  audiences: { test: string; production: string }
  now: () => number
  fetchKeys: () => Promise<(JsonWebKey & { kid?: string })[]>
  /** How old the keys may get, in milliseconds. */
  maxAgeMs: number
}

export function createCachingGuard({ fetchKeys, maxAgeMs, ...options }: CachingGuardOptions): Guard {
  let keys = new Map<string, KeyObject>()
  let fetchedAt = Number.NEGATIVE_INFINITY
  return createGuard({
    ...options,
    // Every call is a verification.
    rememberedTokens: 0,
    async findKey(keyId) {
      if (options.now() >= fetchedAt + maxAgeMs) {
        fetchedAt = options.now()
        const jwks = await fetchKeys()
        keys = new Map(jwks.map((jwk) => [jwk.kid ?? '', createPublicKey({ key: jwk, format: 'jwk' })]))
      }
      return keys.get(keyId)
    },
  })
}
