import type { AccessToken } from './access-token.ts'

/** Tokens that were verified once: the second call with one costs a look-up instead of a signature check. */
export interface RememberedTokens {
  find: (text: string) => AccessToken | undefined
  add: (text: string, token: AccessToken) => AccessToken
  /** Forgets all, after a key was withdrawn. */
  clear: () => void
}

/** Bounded: when full, the oldest goes. Nothing outlives its token's expiry plus the allowed skew. */
export function rememberTokens(limit: number, clockSkewSeconds: number, now: () => number): RememberedTokens {
  const tokens = new Map<string, AccessToken>()
  return {
    find(text) {
      const token = tokens.get(text)
      if (!token) return undefined
      if (now() / 1000 < token.expiresAt + clockSkewSeconds) return token
      tokens.delete(text)
      return undefined
    },
    add(text, token) {
      if (limit === 0) return token
      if (tokens.size >= limit)
        for (const oldest of tokens.keys()) {
          tokens.delete(oldest)
          break
        }
      tokens.set(text, token)
      return token
    },
    clear: () => tokens.clear(),
  }
}
