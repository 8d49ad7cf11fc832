// Brings the database to a declared set-up. This folder composes slices, as app.ts does.
import type { KeyObject } from 'node:crypto'
import { findAccount, putAccount } from '../accounts/store.ts'
import { findScopeOwner, isBuiltIn, listScopes, putApi } from '../catalogue/store.ts'
import type { Database } from '../database/tables.ts'
import type { NewId } from '../vocabulary/clock.ts'
import { isReservedScope } from '../vocabulary/permission.ts'
import { applyClient } from './apply-client.ts'
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

/** What a step needs: the transaction, and where to say what is wrong. */
export interface ApplyStep extends ApplyContext {
  tx: Database
  errors: string[]
}

/**
 * Brings what the set-up names to the state it names, in one transaction. Running it again changes
 * nothing; what is not named is not touched; a revoked secret or a disabled client stays so.
 * @throws {SetupError} naming everything that cannot be done; then nothing was changed.
 */
export async function applySetup(db: Database, setup: DeclaredSetup, context: ApplyContext): Promise<void> {
  const errors: string[] = []
  await db.transaction().execute(async (tx) => {
    const step: ApplyStep = { ...context, tx, errors }
    for (const api of setup.apis ?? []) await applyApi(step, api)
    const scopes = new Set((await listScopes(tx)).map((scope) => scope.name))
    for (const account of setup.accounts ?? []) await applyAccount(step, account, scopes)
    if (errors.length > 0) throw new SetupError(errors)
  })
}

async function applyApi(step: ApplyStep, api: DeclaredApiEntry): Promise<void> {
  const place = `apis ${api.id}`
  const before = step.errors.length
  const { production, test } = api.audiences
  if (await isBuiltIn(step.tx, api.id)) step.errors.push(`${place}: this API is built in. Choose another id.`)
  if (production === test) step.errors.push(`${place}: the audiences of test and production must differ.`)
  const others = await step.tx
    .selectFrom('api')
    .select(['id', 'audience_test', 'audience_production'])
    .where('id', '!=', api.id)
    .execute()
  for (const other of others) {
    if (
      [other.audience_test, other.audience_production].some(
        (audience) => audience === production || audience === test,
      )
    ) {
      step.errors.push(`${place}: an audience belongs to the API ${other.id} already.`)
    }
  }
  for (const scope of api.scopes) {
    if (isReservedScope(scope.name)) step.errors.push(`${place}: the scope ${scope.name} is reserved.`)
    const owner = await findScopeOwner(step.tx, scope.name)
    if (owner !== undefined && owner !== api.id)
      step.errors.push(`${place}: the scope ${scope.name} belongs to the API ${owner} already.`)
  }
  if (step.errors.length === before) await putApi(step.tx, api, false, step.nowMs)
}

async function applyAccount(
  step: ApplyStep,
  declared: DeclaredAccount,
  scopes: ReadonlySet<string>,
): Promise<void> {
  const known = await findAccount(step.tx, declared.id)
  const account = {
    id: declared.id,
    name: declared.name,
    production: declared.production ?? known?.production ?? 'none',
  }
  await putAccount(step.tx, account, step.nowMs)
  for (const client of declared.clients ?? []) await applyClient(step, account, client, scopes)
}
