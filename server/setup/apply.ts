// Brings the database to a declared set-up. This folder composes slices, as app.ts does.
import type { KeyObject } from 'node:crypto'
import { addAccount, changeAccount, giveScope } from '../accounts/change.ts'
import { type EntitledAccount, findEntitledAccount } from '../accounts/grant-store.ts'
import { findAccount } from '../accounts/store.ts'
import { grantToHolders } from '../app/catalogue.ts'
import { type AuditEntry, recordAudits } from '../audit.ts'
import { lockCatalogue } from '../catalogue/change-store.ts'
import { bringApi } from '../catalogue/put-api.ts'
import { findApiFaults, findScopeFaults, resourceServerFaults } from '../catalogue/rules.ts'
import { listScopes, type StoredScope } from '../catalogue/store.ts'
import { findMissingClients } from '../clients/scope-holder-store.ts'
import type { Database } from '../database/tables.ts'
import { commandActor } from '../vocabulary/actor.ts'
import type { NewId } from '../vocabulary/clock.ts'
import { applyClient } from './apply-client.ts'
import { applyMembers, hashPasswords, type PasswordHashes } from './apply-members.ts'
import {
  type DeclaredAccount,
  type DeclaredApiEntry,
  type DeclaredSetup,
  SetupError,
} from './declared-setup.ts'

export interface ApplyContext {
  pepper: KeyObject
  nowMs: number
  newId: NewId
}

/** What a step needs: the transaction, and where to say what changed and what is wrong. */
export interface ApplyStep extends ApplyContext {
  tx: Database
  errors: string[]
  /** Notes a change for the audit trail, which is written last. */
  note: (entry: Omit<AuditEntry, 'actor'>) => void
}

/**
 * Brings what the set-up names to the state it names, in one transaction. Running it again changes
 * nothing; what is not named is not touched; a revoked secret or a disabled client stays so.
 * @returns what was changed.
 * @throws {SetupError} naming everything that cannot be done; then nothing was changed.
 */
export async function applySetup(
  db: Database,
  setup: DeclaredSetup,
  context: ApplyContext,
): Promise<readonly AuditEntry[]> {
  const errors: string[] = []
  const entries: AuditEntry[] = []
  const actor = commandActor('apply')
  const hashes = await hashPasswords(db, setup)
  await db.transaction().execute(async (tx) => {
    await lockCatalogue(tx)
    const note = (entry: Omit<AuditEntry, 'actor'>) => entries.push({ ...entry, actor })
    const step: ApplyStep = { ...context, tx, errors, note }
    for (const api of setup.apis ?? []) await applyApi(step, api)
    const scopes = new Map((await listScopes(tx)).map((scope) => [scope.name, scope]))
    for (const account of setup.accounts ?? []) await applyAccount(step, account, scopes, hashes)
    // Last: a resource server may be a client of the same file.
    for (const api of setup.apis ?? []) {
      const missing = await findMissingClients(tx, api.resourceServers ?? [])
      errors.push(...resourceServerFaults(missing).map(({ text }) => `apis ${api.id}: ${lower(text)}`))
    }
    if (errors.length > 0) throw new SetupError(errors)
    await recordAudits(tx, entries, context.newId, context.nowMs)
  })
  return entries
}

async function applyApi(step: ApplyStep, api: DeclaredApiEntry): Promise<void> {
  const { tx, nowMs } = step
  const present = new Set((await listScopes(tx, api.id)).map(({ name }) => name))
  const names = api.scopes.map(({ name }) => name)
  const others = [...present].filter((name) => !names.includes(name)).length
  const faults = [
    ...(await findApiFaults(tx, api.id, api)),
    ...(await findScopeFaults(tx, api.id, names, others)),
  ]
  if (faults.length > 0) {
    step.errors.push(...faults.map(({ text }) => `apis ${api.id}: ${lower(text)}`))
    return
  }
  const change = {
    tx,
    nowMs,
    note: (entry: Pick<AuditEntry, 'action' | 'object' | 'before' | 'after'>) =>
      step.note({ accountId: null, environment: null, ...entry }),
    grantToHolders: (_tx: Database, scope: string) => grantToHolders(step, scope),
  }
  await bringApi(change, api)
}

/** The rules speak in sentences; here they follow the place. */
function lower(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1)
}

async function applyAccount(
  step: ApplyStep,
  declared: DeclaredAccount,
  scopes: ReadonlyMap<string, StoredScope>,
  hashes: PasswordHashes,
): Promise<void> {
  const { tx, nowMs } = step
  const change = {
    tx,
    nowMs,
    note: (entry: Pick<AuditEntry, 'accountId' | 'action' | 'object' | 'before' | 'after'>) =>
      step.note({ environment: null, ...entry }),
  }
  const { id, name, production, operator } = declared
  const known = await findAccount(tx, id)
  if (!known) {
    const named = { ...(production && { production }), ...(operator !== undefined && { operator }) }
    await addAccount(change, { id, name, ...named })
  } else {
    const wanted = { name, ...(production && { production }), ...(operator !== undefined && { operator }) }
    await changeAccount(change, known, wanted, 'account.changed')
  }
  for (const scope of declared.scopes ?? []) {
    const error = grantError(scopes.get(scope))
    if (error) step.errors.push(`account ${id}: the scope ${scope} ${error}`)
    else await giveScope(change, id, scope)
  }
  await applyMembers(step, id, declared.members ?? [], hashes)
  const account: EntitledAccount | undefined = await findEntitledAccount(tx, id)
  if (!account) throw new Error('The account that was just written is gone.')
  for (const client of declared.clients ?? []) await applyClient(step, account, client, scopes)
}

function grantError(scope: StoredScope | undefined): string | undefined {
  if (!scope) return 'is unknown.'
  if (scope.access === 'everyone')
    return 'may be had by every account. Leave it out, or set "access": "granted" on it.'
  if (scope.access === 'reserved') return 'is given to single clients. Name it on the client.'
  return undefined
}
