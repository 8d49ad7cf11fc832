// What is to be said of a secret: its state, and whether it may be revoked without a caller noticing. Pure.
import type { AuthenticationMethodName } from './client.ts'
import type { StoredSecret } from './secret-store.ts'

export type SecretState = 'alive' | 'expires_soon' | 'expired' | 'revoked'

/** What the activity knows of the uses of a secret. */
export interface SecretUses {
  /** Null: the activity cannot be read. */
  lastHour: number | null
  lastDay: number | null
  /** The latest one that is still in the activity. */
  latest: { at: number; address: string | null; userAgent: string | null } | undefined
}

export const noUses: SecretUses = { lastHour: 0, lastDay: 0, latest: undefined }

/** Without the activity what the secret itself says of its last use decides. */
export const unknownUses: SecretUses = { lastHour: null, lastDay: null, latest: undefined }

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const soonMs = 14 * dayMs
/** So long without a use says that nobody is left who uses it: nightly work has run, too. */
const quietMs = dayMs

/** From its expiry second on a secret is expired. */
export function stateOf(secret: Pick<StoredSecret, 'expiresAt' | 'revokedAt'>, nowMs: number): SecretState {
  if (secret.revokedAt !== null) return 'revoked'
  if (secret.expiresAt === null) return 'alive'
  if (nowMs >= secret.expiresAt) return 'expired'
  return secret.expiresAt - nowMs <= soonMs ? 'expires_soon' : 'alive'
}

export function hasEnded(secret: Pick<StoredSecret, 'expiresAt' | 'revokedAt'>, nowMs: number): boolean {
  return ['expired', 'revoked'].includes(stateOf(secret, nowMs))
}

/** The last use that either of both sources knows: the activity may have forgotten it, the column is ten seconds behind. */
export function lastUseOf(secret: StoredSecret, uses: SecretUses) {
  const { latest } = uses
  if (latest && latest.at >= (secret.lastUsedAt ?? 0)) return latest
  if (secret.lastUsedAt === null) return undefined
  return { at: secret.lastUsedAt, address: secret.lastUsedAddress, userAgent: null }
}

/** A client whose methods all work without a secret needs none. */
export function needsSecret(methods: readonly AuthenticationMethodName[]): boolean {
  return methods.every((method) => method === 'client_secret_basic' || method === 'client_secret_post')
}

/** Whether a client can authenticate by a secret at all. */
export function takesSecret(methods: readonly AuthenticationMethodName[]): boolean {
  return methods.some((method) => method === 'client_secret_basic' || method === 'client_secret_post')
}

/** One secret beside what decides over it. */
export interface SecretSituation {
  secret: StoredSecret
  uses: SecretUses
  /** Of the other secrets of the client: when each was last used. */
  othersUsedAt: readonly number[]
  methods: readonly AuthenticationMethodName[]
  nowMs: number
}

/** Why revoking it might stop a caller; undefined when it is safe. */
export function whyNotSafe({
  secret,
  uses,
  othersUsedAt,
  methods,
  nowMs,
}: SecretSituation): string | undefined {
  if (hasEnded(secret, nowMs)) return 'It has ended: there is nothing left to revoke.'
  const last = lastUseOf(secret, uses)
  if (last && nowMs - last.at < quietMs) return `It was used ${ago(nowMs - last.at)}.`
  if (!last && nowMs - secret.createdAt < quietMs)
    return 'It is less than 24 h old: whoever has it may not have used it yet.'
  // Without a secret among its methods nobody can use it.
  if (!takesSecret(methods)) return undefined
  const since = last?.at ?? secret.createdAt
  if (othersUsedAt.some((at) => at > since)) return undefined
  return 'No other secret of this client was used since: nothing shows that its caller has a new one.'
}

/** One sentence for the person who decides. */
export function verdictOf(situation: SecretSituation): string {
  const { secret, uses, nowMs } = situation
  const state = stateOf(secret, nowMs)
  if (state === 'revoked')
    return secret.leakedAt === null ? 'Revoked.' : 'Revoked: it was reported as leaked.'
  if (state === 'expired') return 'Expired.'
  const last = lastUseOf(secret, uses)
  const from = last?.address ? `, last from ${last.address}` : ''
  // The activity counts by whole hours: one that began before is not the last hour any more.
  if (uses.lastHour && last && nowMs - last.at < hourMs)
    return `${requests(uses.lastHour)} in the last hour${from}.`
  if (last && nowMs - last.at < quietMs) {
    return uses.lastDay
      ? `${requests(uses.lastDay)} in the last 24 h${from}; quiet for ${span(nowMs - last.at)}.`
      : `Last used ${ago(nowMs - last.at)}${last.address ? ` from ${last.address}` : ''}.`
  }
  const why = whyNotSafe(situation)
  const quiet = last
    ? `Quiet for ${span(nowMs - last.at)}`
    : nowMs - secret.createdAt < 60_000
      ? 'Made just now and not used yet'
      : `Never used in ${span(nowMs - secret.createdAt)}`
  return why === undefined ? `${quiet}: safe to revoke.` : `${quiet}. ${why}`
}

function requests(count: number): string {
  return count === 1 ? '1 token request' : `${count} token requests`
}

function ago(ms: number): string {
  return ms < 60_000 ? 'less than a minute ago' : `${span(ms)} ago`
}

/** Rounded down, in the largest unit that says something. */
function span(ms: number): string {
  if (ms < hourMs) return `${Math.floor(ms / 60_000)} min`
  if (ms < 3 * dayMs) return `${Math.floor(ms / hourMs)} h`
  return `${Math.floor(ms / dayMs)} days`
}
