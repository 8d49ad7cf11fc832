import type { AccessToken } from './access-token.ts'

/** Tokens that were verified once: the second call with one costs a look-up instead of a signature check. */
export interface RememberedTokens {
  find: (text: string) => AccessToken | undefined
  /** @param generation that of before the verification: what was forgotten meanwhile is not remembered again. */
  add: (text: string, token: AccessToken, generation: number) => AccessToken
  /** How often all was forgotten. */
  readonly generation: number
  /** Forgets all, after a key was withdrawn. */
  clear: () => void
}

export interface RememberOptions {
  /** How many: when full, the oldest goes. */
  limit: number
  /** How long at most. */
  limitSeconds: number
  /** How long beyond its expiry a token passes. */
  clockSkewSeconds: number
  now: () => number
}

/** Nothing outlives its token's expiry plus the allowed skew. */
export function rememberTokens(options: RememberOptions): RememberedTokens {
  const { limit, limitSeconds, clockSkewSeconds, now } = options
  const tokens = new Map<string, { token: AccessToken; until: number }>()
  let generation = 0
  return {
    find(text) {
      const found = tokens.get(text)
      if (!found) return undefined
      if (now() / 1000 < found.until) return found.token
      tokens.delete(text)
      return undefined
    },
    add(text, token, asOf) {
      if (limit === 0 || limitSeconds === 0 || asOf !== generation) return token
      if (tokens.size >= limit)
        for (const oldest of tokens.keys()) {
          tokens.delete(oldest)
          break
        }
      const until = Math.min(token.expiresAt + clockSkewSeconds, now() / 1000 + limitSeconds)
      tokens.set(text, { token, until })
      return token
    },
    get generation() {
      return generation
    },
    clear() {
      generation += 1
      tokens.clear()
    },
  }
}
