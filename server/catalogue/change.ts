// What changes the catalogue: each step writes the row, notes what was before and after, and counts the API's version.
import type { AuditEntry } from '../audit.ts'
import type { Database } from '../database/tables.ts'
import type { ScopeDefinition } from '../vocabulary/api-definition.ts'
import { isoTimeOrNull } from '../vocabulary/clock.ts'
import {
  type ApiFacts,
  deleteApi,
  insertApi,
  insertScopes,
  type ScopeFacts,
  updateApi,
  updateScope,
} from './change-store.ts'
import type { DeclaredApi, StoredApi, StoredScope } from './store.ts'

/** A change of the catalogue that is under way. */
export interface CatalogueChange {
  tx: Database
  nowMs: number
  /**
   * Notes what changed. It is written last in the transaction: who waits for the end of the audit trail then holds
   * every other row already.
   */
  note: (entry: Pick<AuditEntry, 'action' | 'object' | 'before' | 'after'>) => void
  /**
   * Gives a scope that only some may have from now on to the accounts whose clients have it. Without it they would
   * keep what they may not have. @returns how many accounts.
   */
  grantToHolders: (tx: Database, scope: string) => Promise<number>
}

/** Registers an API. @returns its version. */
export async function addApi(change: CatalogueChange, api: DeclaredApi, builtIn = false): Promise<number> {
  const { id, name, audiences, description = '', resourceServers = [] } = api
  const facts = { name, description, audiences, resourceServers }
  await insertApi(change.tx, { id, ...facts }, builtIn, change.nowMs)
  const scopes = api.scopes.map(wholeScope)
  await insertScopes(change.tx, id, scopes, change.nowMs)
  change.note({ action: 'api.created', object: of(id, 1), before: null, after: { ...facts, scopes } })
  return 1
}

/** Changes what differs. @returns the version, a new one only when something does. */
export async function changeApi(
  change: CatalogueChange,
  api: StoredApi,
  wanted: Partial<ApiFacts>,
): Promise<number> {
  const { before, after } = difference<ApiFacts>(api, wanted)
  if (Object.keys(after).length === 0) return api.version
  const version = await updateApi(change.tx, api.id, after, change.nowMs)
  change.note({ action: 'api.changed', object: of(api.id, version), before, after })
  return version
}

export async function removeApi(
  change: CatalogueChange,
  api: StoredApi,
  scopes: readonly StoredScope[],
): Promise<void> {
  await deleteApi(change.tx, api.id, change.nowMs)
  const { name, description, audiences, resourceServers } = api
  const before = { name, description, audiences, resourceServers, scopes: scopes.map(scopeFacts) }
  change.note({ action: 'api.deleted', object: of(api.id, api.version + 1), before, after: null })
}

/** Adds a scope to an API. @returns the version of the API. */
export async function addScope(
  change: CatalogueChange,
  apiId: string,
  definition: ScopeDefinition,
): Promise<number> {
  const scope = wholeScope(definition)
  await insertScopes(change.tx, apiId, [scope], change.nowMs)
  const version = await updateApi(change.tx, apiId, {}, change.nowMs)
  const { name, ...facts } = scope
  change.note({
    action: 'scope.created',
    object: of(apiId, version),
    before: null,
    after: { scope: name, ...facts },
  })
  return version
}

export interface ScopeChange {
  /** The version of the API; undefined: nothing differed. */
  version: number | undefined
  /** How many accounts were given the scope, because their clients have it. */
  accountsGranted: number
}

/** Changes what differs of a scope. */
export async function changeScope(
  change: CatalogueChange,
  scope: StoredScope,
  wanted: Partial<ScopeFacts>,
  action: 'scope.changed' | 'scope.deprecated' | 'scope.retired' | 'scope.restored' = 'scope.changed',
): Promise<ScopeChange> {
  const { before, after } = difference<ScopeFacts>(scope, wanted)
  if (Object.keys(after).length === 0) return { version: undefined, accountsGranted: 0 }
  await updateScope(change.tx, scope.name, after)
  const version = await updateApi(change.tx, scope.apiId, {}, change.nowMs)
  const accountsGranted = after.access === 'granted' ? await change.grantToHolders(change.tx, scope.name) : 0
  change.note({
    action,
    object: of(scope.apiId, version),
    before: { scope: scope.name, ...inWords(before) },
    after: { scope: scope.name, ...inWords(after) },
  })
  return { version, accountsGranted }
}

function of(apiId: string, version: number): AuditEntry['object'] {
  return { kind: 'api', id: apiId, version }
}

function wholeScope({ name, description, access = 'everyone', endpoints = [] }: ScopeDefinition) {
  return { name, description, access, endpoints }
}

function scopeFacts(scope: StoredScope) {
  const { deprecatedAt, deprecationNote, retiredAt } = scope
  return { ...wholeScope(scope), ...inWords({ deprecatedAt, deprecationNote, retiredAt }) }
}

/** The members of `wanted` that are not so yet: as they are, and as they shall be. */
function difference<Facts extends object>(
  now: Facts,
  wanted: Partial<Facts>,
): { before: Partial<Facts>; after: Partial<Facts> } {
  const before: Partial<Facts> = {}
  const after: Partial<Facts> = {}
  for (const name in wanted) {
    const value = wanted[name]
    if (value === undefined || JSON.stringify(value) === JSON.stringify(now[name])) continue
    before[name] = now[name]
    after[name] = value
  }
  return { before, after }
}

/** Times as people and programs read them elsewhere. */
function inWords(facts: Partial<ScopeFacts>): Record<string, unknown> {
  const { deprecatedAt, retiredAt, ...others } = facts
  return {
    ...others,
    ...(deprecatedAt !== undefined && { deprecatedAt: isoTimeOrNull(deprecatedAt) }),
    ...(retiredAt !== undefined && { retiredAt: isoTimeOrNull(retiredAt) }),
  }
}
