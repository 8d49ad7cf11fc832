// Makes an API client: inside the transaction that also keeps the answer for its Idempotency-Key.
import type { KeyObject } from 'node:crypto'
import { recordAudit } from '../audit.ts'
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { DatabaseTransaction } from '../database/tables.ts'
import type { AccountCaller } from '../vocabulary/account-caller.ts'
import type { NewId } from '../vocabulary/clock.ts'
import type { Environment } from '../vocabulary/environment.ts'
import type { Owner } from '../vocabulary/owner.ts'
import { getScopeAccount, refuseProduction } from './account-facts.ts'
import { refuseAuthentication } from './authentication-facts.ts'
import { makeClientId } from './client-id.ts'
import { auditMembers, type ClientMembers, newMembers } from './client-members.ts'
import { type FirstSecret, insertFirstSecret, type SecretWish } from './first-secret.ts'
import { getManagedClient, refuseTooMany } from './managed-client.ts'
import { type ManagedClient, wasClientId } from './managed-store.ts'
import { refuseScopes } from './scope-rules.ts'
import { takesSecret } from './secret-state.ts'
import { refuseErrors } from './sent-members.ts'
import { tryInsertClient } from './store.ts'

export interface CreationContext {
  catalogue: Catalogue
  pepper: KeyObject
  newId: NewId
  nowMs: number
}

export interface Creation {
  caller: AccountCaller
  owner: Owner
  members: ClientMembers
  /** Undefined: made only when a method needs it. */
  secret: SecretWish | undefined
  copiedFrom?: string
}

/** @throws {Problem} for what the rules of scopes, methods and numbers refuse; then nothing was made. */
export async function createClient(
  tx: DatabaseTransaction,
  { catalogue, pepper, newId, nowMs }: CreationContext,
  { caller, owner, members, secret: wish, copiedFrom }: Creation,
): Promise<{ client: ManagedClient; secret: FirstSecret['shown'] | null }> {
  const account = await getScopeAccount(tx, owner.accountId)
  refuseProduction(account, owner)
  refuseScopes(caller, members.scopes, [], { environment: owner.environment, account, catalogue })
  const hasSecret = wish !== undefined || takesSecret(members.authenticationMethods)
  refuseErrors(refuseAuthentication(members, members, hasSecret))
  const id = await insertUnderNewId(tx, owner.environment, (clientId) =>
    tryInsertClient(tx, { ...owner, ...members, id: clientId, copiedFrom: copiedFrom ?? null }, nowMs),
  )
  const secret = hasSecret ? await insertFirstSecret(tx, { ...owner, id }, wish ?? {}, pepper, nowMs) : null
  const after = {
    ...auditMembers(members, newMembers(members)),
    ...(copiedFrom !== undefined && { copiedFrom }),
  }
  const entry = { ...owner, actor: caller.actor, before: null }
  const object = { kind: 'client' as const, id, version: 1 }
  await recordAudit(tx, { ...entry, action: 'client.created', object, after }, newId, nowMs)
  if (secret) {
    const secretObject = { kind: 'secret' as const, id: secret.shown.id, version: 1 }
    const { audited } = secret
    await recordAudit(
      tx,
      { ...entry, action: 'secret.created', object: secretObject, after: audited },
      newId,
      nowMs,
    )
  }
  await refuseTooMany(tx, owner)
  return { client: await getManagedClient(tx, owner, id, nowMs), secret: secret?.shown ?? null }
}

/**
 * Tries ids until one was never used: also that of an erased client stands in the trail, and in tokens.
 * @param insert false when the id is taken.
 * @param makeId makes an id by chance; some four million there are.
 */
export async function insertUnderNewId(
  tx: DatabaseTransaction,
  environment: Environment,
  insert: (clientId: string) => Promise<boolean>,
  makeId: (environment: Environment) => string = makeClientId,
): Promise<string> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const id = makeId(environment)
    if (!(await wasClientId(tx, id)) && (await insert(id))) return id
  }
  throw new Error(`Fifty client ids in a row were taken in ${environment}: there are too few words for ids.`)
}
