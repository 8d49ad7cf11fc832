import { type Static, Type } from 'typebox'
import { Problem } from '../vocabulary/problem.ts'

const dayMs = 24 * 3_600_000
const longestDays = 3650

/** When a new secret ends. */
export const expiryMembers = {
  expiresAt: Type.Optional(
    Type.Union([Type.String({ format: 'date-time', maxLength: 40 }), Type.Null()], {
      description: 'From this second on it fails. Null, or neither of both: never.',
    }),
  ),
  expiresInDays: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: longestDays,
      description: 'Instead of expiresAt, e.g. 30, 90, 180 or 365.',
    }),
  ),
}

const wish = Type.Object(expiryMembers)

/** @throws {Problem} when it is said twice, or is no moment that a secret may end at. */
export function readExpiry(body: Static<typeof wish>, nowMs: number): number | null {
  const { expiresAt, expiresInDays } = body
  if (expiresAt !== undefined && expiresInDays !== undefined) {
    throw new Problem('invalid_value', 'The expiry is said twice. Send expiresAt or expiresInDays, not both.')
  }
  if (expiresInDays !== undefined) return nowMs + expiresInDays * dayMs
  return readMoment(expiresAt ?? null, nowMs)
}

/** @throws {Problem} for a moment that has passed, or is further away than ten years. */
export function readMoment(text: string | null, nowMs: number): number | null {
  if (text === null) return null
  const at = Date.parse(text)
  // A leap second is a date-time of RFC 3339 and none of JavaScript.
  if (Number.isNaN(at)) throw new Problem('invalid_value', 'The expiresAt is no moment that can be used.')
  if (at <= nowMs) {
    throw new Problem(
      'invalid_value',
      'The expiresAt has passed. Choose a later one; to end a secret now, revoke it.',
    )
  }
  if (at > nowMs + longestDays * dayMs) {
    throw new Problem(
      'invalid_value',
      'The expiresAt is more than ten years away. Choose an earlier one, or null for a secret that never expires.',
    )
  }
  return at
}
