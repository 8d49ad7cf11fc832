import { cleanText, longest } from './clean-text.ts'
import type { Happening } from './entry.ts'

/** Who calls from where, as this node has met it. */
export interface KnownCaller {
  address: string | null
  userAgent: string | null
  /** The day in which it is stored, by the id of its first entry of that day. */
  day: number
  id: string
}

/** Beyond it what is known is forgotten and written once more, which changes nothing. */
const knownLimit = 20_000

/** Finds the caller of what happened; null where nothing is known of it. */
export function createKnownCallers(): (happening: Happening) => KnownCaller | null {
  const known = new Map<string, KnownCaller>()
  return ({ address, userAgent }) => {
    if (address === null && userAgent === null) return null
    const key = `${address}\n${userAgent}`
    const found = known.get(key)
    if (found) return found
    if (known.size >= knownLimit) known.clear()
    const made = {
      address: address && cleanText(address, longest.address),
      userAgent: userAgent && cleanText(userAgent, longest.userAgent),
      day: -1,
      id: '',
    }
    known.set(key, made)
    return made
  }
}
