// When signing keys change: rules on times alone. Milliseconds throughout.
import { tokenLifetime } from '../clients/client.ts'
import type { StoredKey } from './key-store.ts'

/** By schedule; at the operator's wish, with notice for every cache; or at once, because a key got out. */
export type RotationMode = 'scheduled' | 'now' | 'emergency'

const minute = 60_000
const day = 24 * 60 * minute
/** What the published keys say in Cache-Control. */
const maxAge = 5 * minute
/** How far the clocks of nodes and guards may differ. */
const clockDifference = 30_000

export const rotationTimes = {
  every: 90 * day,
  /** From publication to the first signature by schedule. */
  notice: day,
  /** The same for "rotate now": a cache on the way and one in the guard may each hold the keys for their max-age. */
  shortNotice: 2 * maxAge,
  /** From a key's last signature until nobody can need it: the longest token, the skew, and a cache's age. */
  afterLife: tokenLifetime.maxSeconds * 1000 + clockDifference + maxAge,
  clockDifference,
  /** Private halves are destroyed so long after their end: a clock that is far ahead must not do it too early. */
  keepEnded: day,
}

type Times = Pick<StoredKey, 'activeFrom' | 'removedFrom'>
type KeyTimes = Times & Pick<StoredKey, 'id' | 'signer'>

/** What a rotation does: from when on the new key signs, and until when those before it are published. */
export interface RotationPlan {
  activeFrom: number
  ends: { id: string; removedFrom: number }[]
}

/** The key that signs now. @param keys the newest to sign first. */
export function signingNow<Key extends Times>(keys: readonly Key[], nowMs: number): Key | undefined {
  return keys.find((key) => key.activeFrom <= nowMs && isPublished(key, nowMs))
}

/**
 * Which rotation is due.
 * @param signer who shall hold the keys by the settings: a key of another one is followed by its own.
 */
export function dueRotation(
  keys: readonly KeyTimes[],
  signer: string,
  nowMs: number,
): RotationMode | undefined {
  // Nothing is published, so no notice helps anybody, and no token can die of it.
  if (!keys.some((key) => isPublished(key, nowMs))) return 'emergency'
  const current = signingNow(keys, nowMs)
  // A clock that went back sees keys of which none signs yet: no reason to withdraw them.
  if (!current) return undefined
  const next = keys.filter((key) => key.activeFrom > nowMs && isPublished(key, nowMs))
  if (current.signer !== signer && !next.some((key) => key.signer === signer)) return 'now'
  const dueAt = current.activeFrom + rotationTimes.every - rotationTimes.notice
  return next.length === 0 && dueAt <= nowMs ? 'scheduled' : undefined
}

export function planRotation(keys: readonly KeyTimes[], mode: RotationMode, nowMs: number): RotationPlan {
  const published = keys.filter((key) => isPublished(key, nowMs))
  if (mode === 'emergency') {
    // In the past, so that a node whose clock is behind obeys at once too.
    const at = nowMs - clockDifference
    return { activeFrom: at, ends: published.map(({ id }) => ({ id, removedFrom: at })) }
  }
  // A node whose clock is ahead may sign already with a key that is about to.
  const mayHaveSigned = published.filter((key) => key.activeFrom <= nowMs + clockDifference)
  const current = mayHaveSigned[0]
  const activeFrom = nowMs + (mode === 'now' ? rotationTimes.shortNotice : rotationTimes.notice)
  const ends = published.flatMap((key) => {
    // It never signed: nobody needs it, and it must not take over from the new one.
    if (!mayHaveSigned.includes(key)) return [{ id: key.id, removedFrom: nowMs }]
    // It has had a successor for a while, which set its end.
    if (key !== current && key.removedFrom !== null) return []
    return [{ id: key.id, removedFrom: activeFrom + rotationTimes.afterLife }]
  })
  return { activeFrom, ends }
}

export function isPublished({ removedFrom }: Pick<Times, 'removedFrom'>, nowMs: number): boolean {
  return removedFrom === null || nowMs < removedFrom
}
