// One change of the catalogue: alone, audited in its transaction, and in effect on this node before the answer.
import { type AuditEntry, recordAudits, refuseOtherVersion } from '../audit.ts'
import type { ChangeWatch } from '../database/changes.ts'
import type { Database, DatabaseTransaction } from '../database/tables.ts'
import type { KeyedCreation } from '../http/idempotency-key.ts'
import type { DoOnce, KeyedAnswer } from '../idempotency.ts'
import type { AccountCaller } from '../vocabulary/account-caller.ts'
import type { Actor } from '../vocabulary/actor.ts'
import type { NewId, Now } from '../vocabulary/clock.ts'
import { Problem } from '../vocabulary/problem.ts'
import type { SeenVersion } from '../vocabulary/seen-version.ts'
import type { CatalogueChange } from './change.ts'
import { lockCatalogue } from './change-store.ts'
import type { CatalogueReadOptions } from './read-routes.ts'
import { noSuchApi } from './read-routes.ts'
import type { Fault } from './rules.ts'
import { findApi, listScopes, type StoredApi, type StoredScope } from './store.ts'

/** What a step outside the catalogue needs: where to write, and where to note it. */
export interface OuterStep {
  tx: Database
  nowMs: number
  note: (entry: Omit<AuditEntry, 'actor'>) => void
}

/** What the operations that change the catalogue need; of other slices as functions that `app` hands in. */
export interface CatalogueWriteOptions extends CatalogueReadOptions {
  db: Database
  now: Now
  newId: NewId
  doOnce: DoOnce
  /** Tells, once a change is committed, on which nodes it is in effect. */
  changes: Pick<ChangeWatch, 'waitForNodes'>
  /** How many clients, of how many accounts, have one of these scopes. */
  countScopeHolders: (
    tx: Database,
    scopes: readonly string[],
  ) => Promise<{ clients: number; accounts: number }>
  /** Of these client ids those that there are not. */
  findMissingClients: (tx: Database, clientIds: readonly string[]) => Promise<string[]>
  /** Gives a scope to the accounts whose clients have it. @returns how many. */
  grantToHolders: (step: OuterStep, scope: string) => Promise<number>
  /** Takes scopes that there are no more from every account. */
  forgetScopes: (step: OuterStep, scopes: readonly string[]) => Promise<void>
}

/** A change under way, with the door to what is outside. */
export interface ChangeUnderWay extends CatalogueChange {
  outer: OuterStep
}

export interface CatalogueWriter {
  change: <Result>(
    caller: AccountCaller,
    work: (change: ChangeUnderWay) => Promise<Result>,
  ) => Promise<Result>
  /** The same for what is made new: once for each Idempotency-Key. */
  create: <Body>(
    caller: AccountCaller,
    request: KeyedCreation,
    work: (change: ChangeUnderWay) => Promise<Body>,
  ) => Promise<KeyedAnswer<Body>>
}

export function createCatalogueWriter(options: CatalogueWriteOptions): CatalogueWriter {
  const { db, catalogue, doOnce } = options

  async function inside<Result>(
    caller: AccountCaller,
    tx: DatabaseTransaction,
    work: (change: ChangeUnderWay) => Promise<Result>,
  ): Promise<Result> {
    const { accountId, actor } = caller
    const { change, finish } = openChange(tx, { ...options, accountId, actor })
    await lockCatalogue(tx)
    const result = await work(change)
    await finish()
    return result
  }

  return {
    async change(caller, work) {
      const result = await db.transaction().execute((tx) => inside(caller, tx, work))
      await catalogue.reload()
      return result
    },
    async create(caller, request, work) {
      const answer = await doOnce(request, async (tx) => ({
        status: 201,
        body: await inside(caller, tx, work),
      }))
      await catalogue.reload()
      return answer
    },
  }
}

interface ChangeOptions extends Pick<CatalogueWriteOptions, 'now' | 'newId' | 'grantToHolders'> {
  /** Whose audit trail it is; null: that of the deployment. */
  accountId: string | null
  actor: Actor
}

/** Begins a change; `finish` writes what it noted into the audit trail. */
export function openChange(
  tx: DatabaseTransaction,
  { now, newId, grantToHolders, accountId, actor }: ChangeOptions,
): { change: ChangeUnderWay; finish: () => Promise<void> } {
  const nowMs = now()
  const entries: AuditEntry[] = []
  const outer: OuterStep = { tx, nowMs, note: (entry) => entries.push({ ...entry, actor }) }
  return {
    change: {
      tx,
      nowMs,
      outer,
      note: (entry) => outer.note({ accountId, environment: null, ...entry }),
      grantToHolders: (_tx, scope) => grantToHolders(outer, scope),
    },
    async finish() {
      await recordAudits(tx, entries, newId, nowMs)
    },
  }
}

/** An API that may be changed, as the caller saw it, with its scopes. */
export async function getChangeable(
  tx: Database,
  apiId: string,
  seen: SeenVersion,
): Promise<{ api: StoredApi; scopes: StoredScope[] }> {
  const api = await findApi(tx, apiId)
  if (!api) throw noSuchApi()
  if (api.builtIn)
    throw new Problem(
      'conflict',
      'This API is built in: what it is follows from its routes. It cannot be changed.',
    )
  await refuseOtherVersion(tx, { kind: 'api', id: apiId }, seen, api.version)
  return { api, scopes: await listScopes(tx, apiId) }
}

/** @throws {Problem} with everything that is wrong: 409 when only something else is in the way. */
export function refuseFaults(faults: readonly Fault[]): void {
  if (faults.length === 0) return
  const isConflict = faults.every(({ kind }) => kind === 'conflict')
  const shown = faults.slice(0, 10).map(({ text }) => text)
  throw new Problem(isConflict ? 'conflict' : 'invalid_value', shown.join(' '))
}
