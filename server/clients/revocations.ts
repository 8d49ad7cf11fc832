// Tokens that died before their time: one by one, or all of a client from a moment on.
import { recordChange } from '../database/changes.ts'
import type { Database } from '../database/tables.ts'
import type { Now } from '../vocabulary/clock.ts'
import type { Environment } from '../vocabulary/environment.ts'
import { tokenLifetime } from './client.ts'

/** A token may live so long at most, with the skew that guards allow: after that a revocation says nothing. */
const longestMs = (tokenLifetime.maxSeconds + 60) * 1000

/** How many revoked tokens are held in memory. */
const limit = 1_000_000

export interface TokenToRevoke {
  tokenId: string
  clientId: string
  environment: Environment
  /** Milliseconds. */
  expiresAt: number
}

/** Kills one token (RFC 7009 §2.1). Doing it again is harmless. */
export async function revokeToken(db: Database, token: TokenToRevoke, nowMs: number): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await tx
      .insertInto('revocation')
      .values({
        at: nowMs,
        kind: 'token',
        environment: token.environment,
        client_id: token.clientId,
        token_id: token.tokenId,
        not_before: null,
        expires_at: token.expiresAt + 60_000,
      })
      .execute()
    await recordChange(tx, 'revocation', token.tokenId, nowMs)
  })
}

/** Kills every token that the client has now, inside the caller's transaction. New ones may be requested at once. */
export async function revokeAllTokens(
  tx: Database,
  client: { id: string; environment: Environment },
  nowMs: number,
): Promise<void> {
  await tx
    .updateTable('client')
    .set({ not_before: nowMs })
    .where('id', '=', client.id)
    // Another node's clock may be ahead: what is dead stays dead.
    .where((eb) => eb.or([eb('not_before', 'is', null), eb('not_before', '<', nowMs)]))
    .execute()
  await tx
    .insertInto('revocation')
    .values({
      at: nowMs,
      kind: 'client',
      environment: client.environment,
      client_id: client.id,
      token_id: null,
      not_before: nowMs,
      expires_at: nowMs + longestMs,
    })
    .execute()
  await recordChange(tx, 'client', client.id, nowMs)
}

/** A client as somebody knows it. */
export interface KnownClient {
  id: string
  environment: Environment
  /** Set: only when it is still this version. */
  version?: number
}

/**
 * Disables a client inside the caller's transaction: it gets no token, and those it has are dead, also when it is enabled again.
 * @returns false when it is another version by now; then nothing was changed.
 */
export async function disableClient(tx: Database, client: KnownClient, nowMs: number): Promise<boolean> {
  return switchClient(tx, client, { disabled_at: nowMs }, nowMs, nowMs)
}

/** Enables a client again. Its tokens from before stay dead. */
export async function enableClient(tx: Database, client: KnownClient, nowMs: number): Promise<boolean> {
  // Another node may have minted one before it heard that the client was disabled. The next token lives.
  return switchClient(tx, client, { disabled_at: null }, nowMs - 1, nowMs)
}

/** Marks a client as deleted; it is disabled by that, and can come back for a while. */
export async function markDeleted(tx: Database, client: KnownClient, nowMs: number): Promise<boolean> {
  return switchClient(tx, client, { deleted_at: nowMs }, nowMs, nowMs)
}

/** Takes a deletion back: the client is as it was, without its tokens. */
export async function unmarkDeleted(tx: Database, client: KnownClient, nowMs: number): Promise<boolean> {
  return switchClient(tx, client, { deleted_at: null }, nowMs - 1, nowMs)
}

async function switchClient(
  tx: Database,
  client: KnownClient,
  set: { disabled_at: number | null } | { deleted_at: number | null },
  notBefore: number,
  nowMs: number,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('client')
    .set((eb) => ({ ...set, version: eb('version', '+', 1), updated_at: nowMs }))
    .where('id', '=', client.id)
    .where((eb) => (client.version === undefined ? eb.lit(true) : eb('version', '=', client.version)))
    .executeTakeFirst()
  if (numUpdatedRows === 0n) return false
  await revokeAllTokens(tx, client, notBefore)
  return true
}

/** Forgets revocations of tokens that expired since. */
export async function forgetRevocations(db: Database, nowMs: number): Promise<void> {
  await db.deleteFrom('revocation').where('expires_at', '<', nowMs).execute()
}

/** The revoked tokens in memory: asked on every guarded call. */
export interface Revocations {
  /** True when the token, or all of its client's tokens of its time, were revoked. */
  isRevoked: (token: { id: string; notBefore: number | null }) => boolean
  /** Takes one in that this or another node revoked. */
  add: (tokenId: string) => void
}

export async function openRevocations(db: Database, now: Now): Promise<Revocations> {
  const rows = await db
    .selectFrom('revocation')
    .select('token_id')
    .where('kind', '=', 'token')
    .where('expires_at', '>', now())
    .execute()
  // Not an LRU cache: that takes the room for all its entries when it is made, 50 MB for a million.
  const revoked = new Map<string, number>()
  const add = (tokenId: string) => {
    // Oldest first. An entry is of no use once its token has expired by itself.
    for (const [oldest, until] of revoked) {
      if (until > now() && revoked.size < limit) break
      revoked.delete(oldest)
    }
    revoked.set(tokenId, now() + longestMs)
  }
  for (const row of rows) if (row.token_id !== null) add(row.token_id)
  return {
    isRevoked: ({ id, notBefore }) => revoked.has(id) || (notBefore !== null && mintedAt(id) <= notBefore),
    add,
  }
}

/** When a token was minted, in milliseconds: its id is a UUIDv7 (RFC 9562 §5.7). */
export function mintedAt(tokenId: string): number {
  return Number.parseInt(tokenId.replace('-', '').slice(0, 12), 16)
}

/** One entry of the feed that guards elsewhere follow. */
export interface RevocationEntry {
  seq: number
  kind: 'token' | 'client'
  clientId: string
  tokenId: string | null
  notBefore: number | null
  expiresAt: number
}

/** Rows whose numbers were given out before `after` may be committed a little later: they are repeated. */
const lookBackMs = 10_000
/** New ones of an answer, and repeated ones beside them: a flood of the last seconds never hides what is new. */
const [newLimit, repeatedLimit] = [1000, 5000]

/** What was revoked in an environment after a number, oldest first; the last seconds are always among them. */
export async function listRevocations(
  db: Database,
  environment: Environment,
  after: number,
  nowMs: number,
): Promise<RevocationEntry[]> {
  const current = db
    .selectFrom('revocation')
    .selectAll()
    .where('environment', '=', environment)
    .where('expires_at', '>', nowMs)
  const repeated = await current
    .where('seq', '<=', after)
    .where('at', '>', nowMs - lookBackMs)
    .orderBy('seq', 'desc')
    .limit(repeatedLimit)
    .execute()
  const fresh = await current.where('seq', '>', after).orderBy('seq').limit(newLimit).execute()
  const rows = [...repeated.reverse(), ...fresh]
  return rows.map((row) => ({
    seq: row.seq,
    kind: row.kind,
    clientId: row.client_id,
    tokenId: row.token_id,
    notBefore: row.not_before,
    expiresAt: row.expires_at,
  }))
}
