/** A page of the feed of revocations. */
export interface Page {
  entries: RevocationEntry[]
  /** What to ask after next; not larger than the last one: there is no more now. */
  next: number
}

/** One token is dead, or all of a client up to a moment. */
export interface RevocationEntry {
  clientId: string
  tokenId: string | undefined
  /** Milliseconds: tokens of the client from then or before are dead. */
  notBefore: number | undefined
  /** Milliseconds: from then on they are expired anyway. */
  expiresAt: number
}

/** @throws {TypeError} for anything else: what cannot be read is never taken for "nothing was revoked". */
export function readPage(text: string): Page {
  const page: unknown = JSON.parse(text)
  if (!isRecord(page) || !Array.isArray(page.revocations) || !Number.isSafeInteger(page.next)) throw wrong()
  return { entries: page.revocations.map(readEntry), next: Number(page.next) }
}

function readEntry(entry: unknown): RevocationEntry {
  if (!isRecord(entry)) throw wrong()
  const { clientId, tokenId, notBefore } = entry
  const expiresAt = Date.parse(String(entry.expiresAt))
  const from = typeof notBefore === 'string' ? Date.parse(notBefore) : undefined
  if (typeof clientId !== 'string' || Number.isNaN(expiresAt) || Number.isNaN(from)) throw wrong()
  if (typeof tokenId !== 'string' && from === undefined) throw wrong()
  return { clientId, tokenId: typeof tokenId === 'string' ? tokenId : undefined, notBefore: from, expiresAt }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function wrong(): TypeError {
  return new TypeError('This is no page of revocations.')
}
