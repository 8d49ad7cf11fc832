// One change of an account by an operator: audited in its transaction, on the account that it concerns.
import { type AuditEntry, recordAudits, refuseOtherVersion } from '../audit.ts'
import type { ChangeWatch } from '../database/changes.ts'
import type { Database, DatabaseTransaction } from '../database/tables.ts'
import type { KeyedCreation } from '../http/idempotency-key.ts'
import { problemSchema } from '../http/problem-schema.ts'
import type { DoOnce, KeyedAnswer } from '../idempotency.ts'
import type { AccountCaller } from '../vocabulary/account-caller.ts'
import { isoTime, type NewId, type Now } from '../vocabulary/clock.ts'
import { Problem } from '../vocabulary/problem.ts'
import type { SeenVersion } from '../vocabulary/seen-version.ts'
import type { AccountChange } from './change.ts'
import { type EntitledAccount, findEntitledAccount } from './grant-store.ts'
import type { AccountAnswer } from './schemas.ts'
import { findAccount, lockAccount, type StoredAccount } from './store.ts'

interface ClientCounts {
  test: number
  production: number
}

/** A change under way, whose notes may be about more than accounts. */
export interface AccountChangeUnderWay extends AccountChange {
  noteAny: (entry: Omit<AuditEntry, 'actor'>) => void
}

/** What the operations on accounts need; of other slices as functions that `app` hands in. */
export interface AccountWriteOptions {
  db: Database
  now: Now
  newId: NewId
  doOnce: DoOnce
  /** Tells, once a change is committed, on which nodes it is in effect. */
  changes: Pick<ChangeWatch, 'waitForNodes'>
  /** How many clients each of these accounts has. */
  countClients: (db: Database, accountIds: readonly string[]) => Promise<ReadonlyMap<string, ClientCounts>>
  /** Who may have a scope; undefined: there is none of this name. */
  findScope: (
    db: Database,
    scope: string,
  ) => Promise<{ access: 'everyone' | 'granted' | 'reserved'; retiredAt: number | null } | undefined>
  /** Takes a scope from every client of an account. @returns from how many. */
  removeScopeFromClients: (
    step: Pick<AccountChangeUnderWay, 'tx' | 'nowMs' | 'noteAny'>,
    accountId: string,
    scope: string,
  ) => Promise<number>
}

export interface AccountWriter {
  change: <Result>(
    caller: AccountCaller,
    work: (change: AccountChangeUnderWay) => Promise<Result>,
  ) => Promise<Result>
  /** The same for what is made new: once for each Idempotency-Key. */
  create: <Body>(
    caller: AccountCaller,
    request: KeyedCreation,
    work: (change: AccountChangeUnderWay) => Promise<Body>,
  ) => Promise<KeyedAnswer<Body>>
  /** The account as it is now inside the transaction. */
  present: (change: AccountChange, accountId: string) => Promise<AccountAnswer>
}

export function createAccountWriter(options: AccountWriteOptions): AccountWriter {
  const { db, doOnce } = options

  async function inside<Result>(
    caller: AccountCaller,
    tx: DatabaseTransaction,
    work: (change: AccountChangeUnderWay) => Promise<Result>,
  ): Promise<Result> {
    const { actor } = caller
    const nowMs = options.now()
    const entries: AuditEntry[] = []
    const noteAny = (entry: Omit<AuditEntry, 'actor'>) => entries.push({ ...entry, actor })
    const result = await work({
      tx,
      nowMs,
      noteAny,
      note: (entry) => noteAny({ environment: null, ...entry }),
    })
    await recordAudits(tx, entries, options.newId, nowMs)
    return result
  }

  return {
    change: (caller, work) => db.transaction().execute((tx) => inside(caller, tx, work)),
    create: (caller, request, work) =>
      doOnce(request, async (tx) => ({ status: 201, body: await inside(caller, tx, work) })),
    async present({ tx }, accountId) {
      const account = await findEntitledAccount(tx, accountId)
      if (!account) throw new Error('The account that was just written is gone.')
      const counts = await options.countClients(tx, [accountId])
      return presentAccount(account, counts.get(accountId))
    },
  }
}

/** The account as the caller saw it; nobody else changes it until the transaction ends. */
export async function getAccount(tx: Database, accountId: string, seen: SeenVersion): Promise<StoredAccount> {
  await lockAccount(tx, accountId)
  const account = await findAccount(tx, accountId)
  if (!account) throw noSuchAccount()
  await refuseOtherVersion(tx, { kind: 'account', id: accountId }, seen, account.version)
  return account
}

export function noSuchAccount(): Problem {
  return new Problem('not_found', 'There is no such account. GET /account/accounts lists all of them.')
}

export const changeRefusals = {
  404: problemSchema('There is no such account'),
  412: problemSchema('It was changed meanwhile'),
  428: problemSchema('The request must say which state it changes'),
}

export function presentAccount(
  account: EntitledAccount,
  clients: ClientCounts = { test: 0, production: 0 },
): AccountAnswer {
  return {
    id: account.id,
    name: account.name,
    production: account.production,
    operator: account.operator,
    grantedScopes: [...account.grantedScopes],
    clients,
    version: account.version,
    createdAt: isoTime(account.createdAt),
  }
}
