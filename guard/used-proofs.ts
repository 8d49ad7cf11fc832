import type { DpopProof } from './dpop-proof.ts'

/** The proofs that this guard saw: each opens one call (RFC 9449 §11.1). */
export interface UsedProofs {
  /** @returns false when the proof was used before. */
  use: (proof: DpopProof) => boolean
}

/** Remembers each proof as long as it could be used again. Bounded: when full, the oldest goes. */
export function rememberProofs(limit: number, now: () => number): UsedProofs {
  /** When each may be forgotten, in the order they came. */
  const used = new Map<string, number>()
  return {
    use({ thumbprint, id, uselessFrom }) {
      const key = `${thumbprint} ${id}`
      const nowSeconds = now() / 1000
      for (const [oldest, until] of used) {
        if (until >= nowSeconds && used.size < limit) break
        used.delete(oldest)
      }
      if (used.has(key)) return false
      used.set(key, uselessFrom)
      return true
    },
  }
}
