// Who is refused all the time, a fault or an attack, must not fill the store: of each client and address a second's first
// refusals are kept whole. The others are counted.
import type { Now } from '../vocabulary/clock.ts'
import type { Happening } from './entry.ts'

/** Kept whole in a second: of one client from one address, of one client, and of all that are nobody's. */
const limits = { pair: 10, client: 50, nobody: 50 }

/** @returns whether a refusal is kept whole. */
export type KeepRefusal = (
  refusal: Pick<Happening, 'accountId' | 'clientId' | 'address'>,
  claimedClientId?: string,
) => boolean

export function sampleRefusals(now: Now): KeepRefusal {
  let second = 0
  let kept = new Map<string, number>()
  // Bounded by the limits themselves: a key is added only for what is kept.
  const mayKeep = (key: string, limit: number) => (kept.get(key) ?? 0) < limit
  const keep = (key: string) => kept.set(key, (kept.get(key) ?? 0) + 1)
  return ({ clientId, address }, claimedClientId) => {
    const thisSecond = Math.floor(now() / 1000)
    if (thisSecond !== second) {
      second = thisSecond
      kept = new Map()
    }
    const id = clientId ?? claimedClientId
    const all = id === undefined || id === null ? 'nobody' : `client ${id}`
    const pair = `${all} ${address}`
    if (!mayKeep(pair, limits.pair) || !mayKeep(all, all === 'nobody' ? limits.nobody : limits.client))
      return false
    // Ids that were made up are no reason to keep more.
    if (clientId === null && id !== undefined && !mayKeep('claimed', 4 * limits.client)) return false
    keep(pair)
    keep(all)
    if (clientId === null && id !== undefined) keep('claimed')
    return true
  }
}
