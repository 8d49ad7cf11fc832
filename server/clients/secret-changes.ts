// What the owner of a client does to its secrets, each in one transaction with its audit entries.
import type { KeyObject } from 'node:crypto'
import { recordAudit, refuseOtherVersion } from '../audit.ts'
import type { DatabaseTransaction } from '../database/tables.ts'
import type { AccountCaller } from '../vocabulary/account-caller.ts'
import { isoTime, isoTimeOrNull, type NewId } from '../vocabulary/clock.ts'
import type { Owner } from '../vocabulary/owner.ts'
import { Problem } from '../vocabulary/problem.ts'
import type { SeenVersion } from '../vocabulary/seen-version.ts'
import { liveSecretsLimit } from './client.ts'
import { refuseEscalation } from './escalation.ts'
import { hashSecret, makeSecret } from './secret.ts'
import { hintOf } from './secret-answer.ts'
import { hasEnded, needsSecret } from './secret-state.ts'
import {
  changeSecret,
  eraseSecrets,
  listSecrets,
  lockHolder,
  type SecretHolder,
  type StoredSecret,
} from './secret-store.ts'
import { insertSecret } from './store.ts'

/** So many secrets of a client are kept, those that ended too; the oldest of them are erased. */
const keptSecrets = 20

/** Who changes the secrets of which client, and when. */
export interface SecretChange {
  caller: AccountCaller
  owner: Owner
  clientId: string
  newId: NewId
  nowMs: number
}

type Entry = Parameters<typeof recordAudit>[1]

/** What a change leaves behind: to be shown. */
export interface ChangedSecret {
  holder: SecretHolder
  secret: StoredSecret
  all: readonly StoredSecret[]
}

/** Adds a secret and, when asked to, plans the end of the others: a rotation. */
export async function addSecret(
  tx: DatabaseTransaction,
  change: SecretChange,
  wish: { name: string; expiresAt: number | null; endOthersAt: number | undefined },
  pepper: KeyObject,
): Promise<ChangedSecret & { value: string; ending: StoredSecret[] }> {
  const { caller, nowMs } = change
  const holder = await getHolder(tx, change)
  refuseDeleted(holder)
  refuseEscalation(caller, holder)
  const known = await listSecrets(tx, holder)
  const alive = known.filter((secret) => !hasEnded(secret, nowMs))
  if (alive.length >= liveSecretsLimit) throw tooMany(holder, alive)
  const { id, secret: value, hint } = makeSecret(holder.environment)
  const { name, expiresAt, endOthersAt } = wish
  const { clientId, accountId } = holder
  const facts = { id, clientId, accountId, name, hash: hashSecret(pepper, value), hint, expiresAt }
  await insertSecret(tx, facts, nowMs)
  const entries: Entry[] = [
    entryOf(change, holder, 'secret.created', { id, version: 1 }, null, {
      name,
      hint: hintOf(holder, { hint }),
      expiresAt: isoTimeOrNull(expiresAt),
    }),
  ]
  const ending: StoredSecret[] = []
  for (const other of endOthersAt === undefined ? [] : alive) {
    // Never later than it would end by itself.
    if (endOthersAt === undefined || (other.expiresAt !== null && other.expiresAt <= endOthersAt)) continue
    await changeSecret(tx, holder, other.id, { expiresAt: endOthersAt }, nowMs)
    const ended = { ...other, expiresAt: endOthersAt, version: other.version + 1 }
    ending.push(ended)
    entries.push(
      entryOf(
        change,
        holder,
        'secret.changed',
        ended,
        { expiresAt: isoTimeOrNull(other.expiresAt) },
        { expiresAt: isoTime(endOthersAt) },
      ),
    )
  }
  const over = known.filter((secret) => hasEnded(secret, nowMs)).slice(keptSecrets - 1 - alive.length)
  await eraseSecrets(
    tx,
    holder,
    over.map((secret) => secret.id),
  )
  for (const erased of over) {
    const before = { name: erased.name, hint: hintOf(holder, erased) }
    entries.push(entryOf(change, holder, 'secret.erased', { id: erased.id }, before, null))
  }
  await record(tx, change, entries)
  return { ...(await changed(tx, holder, id)), value, ending }
}

/** Changes the name or the end of a secret. One that has ended stays ended. */
export async function editSecret(
  tx: DatabaseTransaction,
  change: SecretChange,
  secretId: string,
  seen: SeenVersion,
  wish: { name: string | undefined; expiresAt: number | null | undefined },
): Promise<ChangedSecret> {
  const { caller, nowMs } = change
  const holder = await getHolder(tx, change)
  refuseDeleted(holder)
  const secret = getSecret(await listSecrets(tx, holder), secretId)
  await refuseOtherVersion(tx, { kind: 'secret', id: secretId }, seen, secret.version)
  const name = wish.name === undefined || wish.name === secret.name ? undefined : wish.name
  const expiresAt = wish.expiresAt === secret.expiresAt ? undefined : wish.expiresAt
  if (expiresAt !== undefined && hasEnded(secret, nowMs)) {
    throw new Problem(
      'conflict',
      'This secret has ended, and one that ended never works again. Add a new one instead.',
    )
  }
  const isLater = expiresAt === null || (expiresAt ?? 0) > (secret.expiresAt ?? Number.POSITIVE_INFINITY)
  if (isLater) refuseEscalation(caller, holder)
  if (name !== undefined || expiresAt !== undefined) {
    const members = { ...(name !== undefined && { name }), ...(expiresAt !== undefined && { expiresAt }) }
    await changeSecret(tx, holder, secretId, members, nowMs)
    const before = {
      ...(name !== undefined && { name: secret.name }),
      ...(expiresAt !== undefined && { expiresAt: isoTimeOrNull(secret.expiresAt) }),
    }
    const after = {
      ...(name !== undefined && { name }),
      ...(expiresAt !== undefined && { expiresAt: isoTimeOrNull(expiresAt) }),
    }
    const version = secret.version + 1
    const object = { id: secretId, version }
    await record(tx, change, [entryOf(change, holder, 'secret.changed', object, before, after)])
  }
  return changed(tx, holder, secretId)
}

/** Ends a secret for good. Doing it again changes nothing. */
export async function endSecret(
  tx: DatabaseTransaction,
  change: SecretChange,
  secretId: string,
): Promise<ChangedSecret & { warnings: string[] }> {
  const { nowMs } = change
  const holder = await getHolder(tx, change)
  const secret = getSecret(await listSecrets(tx, holder), secretId)
  if (secret.revokedAt === null) {
    await changeSecret(tx, holder, secretId, { revokedAt: nowMs }, nowMs)
    const after = { name: secret.name, hint: hintOf(holder, secret), revokedAt: isoTime(nowMs) }
    const object = { id: secretId, version: secret.version + 1 }
    await record(tx, change, [entryOf(change, holder, 'secret.revoked', object, { revokedAt: null }, after)])
  }
  const result = await changed(tx, holder, secretId)
  const isLast = result.all.every((other) => hasEnded(other, nowMs))
  const warnings =
    isLast && needsSecret(holder.authenticationMethods)
      ? ['This client has no secret left that works: it gets no token until a new one is added.']
      : []
  return { ...result, warnings }
}

async function getHolder(tx: DatabaseTransaction, change: SecretChange): Promise<SecretHolder> {
  const holder = await lockHolder(tx, change.owner, change.clientId, change.nowMs)
  if (!holder) throw unknownClient(change.owner)
  return holder
}

function refuseDeleted(holder: SecretHolder): void {
  if (holder.deletedAt === null) return
  throw new Problem(
    'conflict',
    'This API client is deleted. POST …/restore takes that back for ten minutes; then change its secrets.',
  )
}

async function changed(tx: DatabaseTransaction, holder: SecretHolder, id: string): Promise<ChangedSecret> {
  const all = await listSecrets(tx, holder)
  return { holder, all, secret: getSecret(all, id) }
}

/** @throws {Problem} `not_found`. */
export function getSecret(all: readonly StoredSecret[], secretId: string): StoredSecret {
  const secret = all.find(({ id }) => id === secretId)
  if (secret) return secret
  throw new Problem('not_found', 'This client has no such secret. Read its secrets to see which it has.')
}

export function unknownClient({ environment }: Owner): Problem {
  return new Problem(
    'not_found',
    `There is no such API client in this account and environment. GET /account/${environment}/api-clients lists them.`,
  )
}

function tooMany(holder: SecretHolder, alive: readonly StoredSecret[]): Problem {
  const named = alive.map((secret) => `${secret.id} (${hintOf(holder, secret)})`).join(' and ')
  return new Problem(
    'conflict',
    `A client has at most ${liveSecretsLimit} secrets that work: ${named} are alive. Revoke one of them, then add the new one.`,
    {
      members: {
        alive: alive.map((secret) => ({ id: secret.id, name: secret.name, hint: hintOf(holder, secret) })),
      },
    },
  )
}

function entryOf(
  change: SecretChange,
  holder: SecretHolder,
  action: string,
  object: { id: string; version?: number },
  before: Record<string, unknown> | null,
  after: Record<string, unknown> | null,
): Entry {
  const clientId = { clientId: holder.clientId }
  return {
    accountId: holder.accountId,
    environment: holder.environment,
    actor: change.caller.actor,
    action,
    object: {
      kind: 'secret',
      id: object.id,
      ...(object.version !== undefined && { version: object.version }),
    },
    before: before && { ...clientId, ...before },
    after: after && { ...clientId, ...after },
  }
}

/** Last in the transaction: from the first entry on other writers wait. */
async function record(tx: DatabaseTransaction, change: SecretChange, entries: readonly Entry[]) {
  for (const entry of entries) await recordAudit(tx, entry, change.newId, change.nowMs)
}
