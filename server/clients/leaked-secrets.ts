// Somebody found one of our secrets where it should not be: whoever holds it may end it, and learns nothing.
import { type KeyObject, timingSafeEqual } from 'node:crypto'
import { recordAudit } from '../audit.ts'
import { recordChange } from '../database/changes.ts'
import type { Database, DatabaseTransaction } from '../database/tables.ts'
import type { Actor } from '../vocabulary/actor.ts'
import { isoTime, type NewId, type Now } from '../vocabulary/clock.ts'
import type { Owner } from '../vocabulary/owner.ts'
import { revokeAllTokens } from './revocations.ts'
import { hashSecret, isOurSecret } from './secret.ts'
import { hintOf } from './secret-answer.ts'
import { hasEnded } from './secret-state.ts'

/** A secret that was reported for the first time. */
export interface LeakedSecret extends Owner {
  secretId: string
  clientId: string
  name: string
  hint: string
  /** False: it had ended before. */
  wasAlive: boolean
}

export interface LeakOptions {
  db: Database
  now: Now
  newId: NewId
  pepper: KeyObject
}

/** So many secrets of a report are looked at. */
const secretsLimit = 100

/** Ends the secrets of ours that are in a text. @returns those that nobody had reported before. */
export async function endLeakedSecrets(
  options: LeakOptions,
  text: string,
  from: Pick<Actor, 'address' | 'requestId'>,
): Promise<LeakedSecret[]> {
  const { db, pepper } = options
  const presented = findSecrets(text)
  if (presented.size === 0) return []
  const rows = await db
    .selectFrom('client_secret')
    .innerJoin('client', 'client.id', 'client_secret.client_id')
    .select(['client_secret.id', 'client_secret.client_id', 'client_secret.hash', 'client_secret.leaked_at'])
    .where('client_secret.id', 'in', [...presented.keys()])
    .execute()
  const proven = rows.filter((row) => {
    const secrets = presented.get(row.id) ?? []
    const hash = Buffer.from(row.hash, 'hex')
    return secrets.some((secret) => timingSafeEqual(hashSecret(pepper, secret), hash))
  })
  // Who reports one again and again writes nothing.
  const unreported = proven.filter((row) => row.leaked_at === null)
  if (unreported.length === 0) return []
  const secretIds = unreported.map((row) => row.id)
  const clientIds = [...new Set(unreported.map((row) => row.client_id))]
  return db.transaction().execute((tx) => endAll(tx, options, { secretIds, clientIds }, from))
}

/** What looks like a secret of ours, by the id of its row. */
function findSecrets(text: string): Map<string, string[]> {
  const found = new Map<string, string[]>()
  let count = 0
  for (const [secret] of text.matchAll(/lk_(?:test|prod)_[A-Za-z0-9]{8}_[A-Za-z0-9_-]{49}/g)) {
    const id = `sec_${secret.slice(8, 16)}`
    const same = found.get(id) ?? []
    if (same.includes(secret) || !isOurSecret(secret)) continue
    found.set(id, [...same, secret])
    count += 1
    if (count === secretsLimit) break
  }
  return found
}

async function endAll(
  tx: DatabaseTransaction,
  { newId, now }: LeakOptions,
  found: { secretIds: readonly string[]; clientIds: readonly string[] },
  from: Pick<Actor, 'address' | 'requestId'>,
): Promise<LeakedSecret[]> {
  const nowMs = now()
  // In one order, as everywhere else the client first: two reports of the same secrets do not wait for each other.
  for (const clientId of [...found.clientIds].sort()) {
    await tx
      .updateTable('client')
      .set((eb) => ({ updated_at: eb.ref('updated_at') }))
      .where('id', '=', clientId)
      .execute()
  }
  const rows = await tx
    .selectFrom('client_secret')
    .innerJoin('client', 'client.id', 'client_secret.client_id')
    .select([
      'client_secret.id',
      'client_secret.client_id',
      'client_secret.name',
      'client_secret.hint',
      'client_secret.expires_at',
      'client_secret.revoked_at',
      'client_secret.version',
      'client.account_id',
      'client.environment',
    ])
    .where('client_secret.id', 'in', [...found.secretIds])
    // Another report may have been quicker.
    .where('client_secret.leaked_at', 'is', null)
    .orderBy('client_secret.id')
    .execute()
  const leaked: (LeakedSecret & { version: number })[] = []
  for (const row of rows) {
    const wasAlive = !hasEnded({ expiresAt: row.expires_at, revokedAt: row.revoked_at }, nowMs)
    await tx
      .updateTable('client_secret')
      .set((eb) => ({
        leaked_at: nowMs,
        version: eb('version', '+', 1),
        ...(wasAlive && { revoked_at: nowMs }),
      }))
      .where('id', '=', row.id)
      .execute()
    await recordChange(tx, 'client', row.client_id, nowMs)
    // Whoever found it may have tokens of it that live for a day.
    if (wasAlive) await revokeAllTokens(tx, { id: row.client_id, environment: row.environment }, nowMs)
    leaked.push({
      secretId: row.id,
      clientId: row.client_id,
      accountId: row.account_id,
      environment: row.environment,
      name: row.name,
      hint: hintOf(row, row),
      wasAlive,
      version: row.version + 1,
    })
  }
  // Last: from the first entry on other writers wait.
  for (const { secretId, version, accountId, environment, ...secret } of leaked) {
    const { clientId, name, hint, wasAlive } = secret
    await recordAudit(
      tx,
      {
        accountId,
        environment,
        actor: { kind: 'system', id: 'report-leaked-secret', ...from },
        action: 'secret.leaked',
        object: { kind: 'secret', id: secretId, version },
        before: { clientId, leakedAt: null, ...(wasAlive && { revokedAt: null }) },
        after: {
          clientId,
          name,
          hint,
          leakedAt: isoTime(nowMs),
          ...(wasAlive && { revokedAt: isoTime(nowMs) }),
        },
      },
      newId,
      nowMs,
    )
  }
  return leaked.map(({ version: _, ...secret }) => secret)
}
