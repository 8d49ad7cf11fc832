import type { Happening } from './entry.ts'

/** The most that is kept of what callers write, in characters. */
export const longest = { clientId: 200, scopes: 1000, reason: 500, address: 64, userAgent: 300, host: 255 }

const plain = /^[\x20-\x7e]*$/
// Control and format characters, halves of pairs, line and paragraph separators: none of them is seen, and all can
// make a log or a terminal show what is not there.
const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu

/** Text from a caller as it is stored: bounded, nothing in it that is not seen. */
export function cleanText(text: string, longestText: number): string {
  const bounded = text.length > longestText ? text.slice(0, longestText) : text
  return plain.test(bounded) ? bounded : bounded.replace(unseen, '')
}

/** Cuts what is too long before it is queued, so that a queue of hostile requests stays small; mostly it is as it came. */
export function bounded(happening: Happening): Happening {
  const { scopes, userAgent, host, clientId, reason } = happening
  if (
    scopes.length <= longest.scopes &&
    (userAgent === null || userAgent.length <= longest.userAgent) &&
    host.length <= longest.host &&
    (clientId === null || clientId.length <= longest.clientId) &&
    (reason === null || reason.length <= longest.reason)
  )
    return happening
  return {
    ...happening,
    scopes: copy(scopes, longest.scopes),
    userAgent: userAgent && copy(userAgent, longest.userAgent),
    host: copy(host, longest.host),
    clientId: clientId && copy(clientId, longest.clientId),
    reason: reason && copy(reason, longest.reason),
  }
}

/** A copy of its own: a slice would keep the whole text alive. */
function copy(text: string, length: number): string {
  return text.length <= length ? text : Buffer.from(text.slice(0, length), 'utf16le').toString('utf16le')
}
