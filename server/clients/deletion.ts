// A deleted client is disabled at once and erased after a while; until then it can come back.

/** How long a deletion can be undone. */
export const undoMs = 10 * 60_000

/** The moment from which a deleted client cannot come back. */
export function undoUntil(deletedAt: number): number {
  return deletedAt + undoMs
}

/** What was deleted at this moment or before cannot come back now. */
export function erasableSince(nowMs: number): number {
  return nowMs - undoMs
}
