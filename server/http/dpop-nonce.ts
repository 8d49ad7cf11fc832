// Nonces for DPoP proofs (RFC 9449 §8, §9), derived: every node knows those of the others, and none is stored.
import { createHmac } from 'node:crypto'
import type { DpopNonces } from '@latchkey/guard'
import type { Now } from '../vocabulary/clock.ts'

export type { DpopNonces }

/** A nonce is given out for so long, and accepted for as long again. */
export const nonceWindowMs = 300_000

/** How far the clock of another node may be ahead of ours. */
const aheadMs = 10_000

/** @param secret the same on every node. */
export function createNonces(secret: Buffer, now: Now): DpopNonces {
  const nonceOf = (ms: number) =>
    createHmac('sha256', secret)
      .update(`dpop nonce ${Math.floor(ms / nonceWindowMs)}`)
      .digest('base64url')
  return {
    current: () => nonceOf(now()),
    accepts: (nonce) =>
      [0, -nonceWindowMs, aheadMs].some((difference) => nonce === nonceOf(now() + difference)),
  }
}
