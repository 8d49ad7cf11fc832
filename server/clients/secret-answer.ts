import { type Static, Type } from 'typebox'
import { isoTime, isoTimeOrNull } from '../vocabulary/clock.ts'
import { environmentPrefix } from '../vocabulary/environment.ts'
import { lastUseOf, type SecretUses, stateOf, verdictOf, whyNotSafe } from './secret-state.ts'
import type { SecretHolder, StoredSecret } from './secret-store.ts'

const time = (description: string) =>
  Type.Union([Type.String({ format: 'date-time' }), Type.Null()], { description })

/** What a secret shows after it was made: everything but its value. */
export const secretAnswer = Type.Object({
  id: Type.String({ description: 'sec_ and what stands in the secret itself: logs name it.' }),
  name: Type.String(),
  hint: Type.String({ description: 'What tells secrets apart, e.g. lk_test_…x7Qd.' }),
  createdAt: Type.String({ format: 'date-time' }),
  expiresAt: time('From this second on it fails; null: never.'),
  revokedAt: time('When it was revoked; null: it was not.'),
  leakedAt: time('When somebody reported it as leaked; null: nobody did.'),
  state: Type.Union(
    [Type.Literal('alive'), Type.Literal('expires_soon'), Type.Literal('expired'), Type.Literal('revoked')],
    { description: 'expires_soon: within 14 days.' },
  ),
  lastUsedAt: time('Its last use; null: never used.'),
  lastUsedFrom: Type.Union([Type.String(), Type.Null()], {
    description: 'The address of the last use. Personal data: cut after LATCHKEY_ADDRESS_DAYS.',
  }),
  lastUsedBy: Type.Union([Type.String(), Type.Null()], {
    description: 'The user agent of the last use, while the activity has it.',
  }),
  usesLastHour: Type.Union([Type.Integer(), Type.Null()], {
    description:
      'Token requests in the hour under way and the one before; null: the activity cannot be read.',
  }),
  usesLastDay: Type.Union([Type.Integer(), Type.Null()], {
    description: 'Token requests in the last 24 whole hours and the one under way; null: as above.',
  }),
  quietSince: Type.String({
    format: 'date-time',
    description: 'Nothing used it since: its last use, or its making.',
  }),
  safeToRevoke: Type.Boolean({
    description: 'True after 24 h without a use, when another secret of the client was used since.',
  }),
  whyNotSafe: Type.Union([Type.String(), Type.Null()], {
    description: 'What speaks against it; null: nothing.',
  }),
  verdict: Type.String({ description: 'All this in a sentence.' }),
  version: Type.Integer({ description: 'Counts its changes: its ETag is this number in quotes.' }),
})

export type SecretAnswer = Static<typeof secretAnswer>

/** @param all every secret of the client, this one too: what the others were used for decides over it. */
export function answerOf(
  holder: SecretHolder,
  secret: StoredSecret,
  all: readonly StoredSecret[],
  usesOf: (secretId: string) => SecretUses,
  nowMs: number,
): SecretAnswer {
  const uses = usesOf(secret.id)
  const othersUsedAt = all
    .filter((other) => other.id !== secret.id)
    .map((other) => lastUseOf(other, usesOf(other.id))?.at ?? 0)
  const situation = { secret, uses, othersUsedAt, methods: holder.authenticationMethods, nowMs }
  const last = lastUseOf(secret, uses)
  const why = whyNotSafe(situation)
  return {
    id: secret.id,
    name: secret.name,
    hint: hintOf(holder, secret),
    createdAt: isoTime(secret.createdAt),
    expiresAt: isoTimeOrNull(secret.expiresAt),
    revokedAt: isoTimeOrNull(secret.revokedAt),
    leakedAt: isoTimeOrNull(secret.leakedAt),
    state: stateOf(secret, nowMs),
    lastUsedAt: isoTimeOrNull(last?.at),
    lastUsedFrom: last?.address ?? null,
    lastUsedBy: last?.userAgent ?? null,
    usesLastHour: uses.lastHour,
    usesLastDay: uses.lastDay,
    quietSince: isoTime(last?.at ?? secret.createdAt),
    safeToRevoke: why === undefined,
    whyNotSafe: why ?? null,
    verdict: verdictOf(situation),
    version: secret.version,
  }
}

/** `lk_test_…x7Qd`: how people and logs tell secrets apart. */
export function hintOf(holder: Pick<SecretHolder, 'environment'>, secret: { hint: string }): string {
  return `lk_${environmentPrefix(holder.environment)}_…${secret.hint}`
}
