// What is found out of an account that wants to go to production: from its people, its clients and their activity.
import type { ProductionCheck } from '../accounts/production-routes.ts'
import { judgeClients } from '../activity/reuse-routes.ts'
import type { Database } from '../database/tables.ts'
import type { AccountCaller } from '../vocabulary/account-caller.ts'
import type { Owner } from '../vocabulary/owner.ts'
import type { AccountApiOptions } from './account-routes.ts'
import { reuseFacts } from './activity.ts'

type CheckOptions = Pick<AccountApiOptions, 'db' | 'now' | 'catalogue' | 'activity'>

const reuseDays = 7
const healthyPercent = 90

export function createProductionChecks(options: CheckOptions) {
  const { db } = options
  return async ({ accountId }: AccountCaller): Promise<ProductionCheck[]> => {
    const clients = await listTestClients(db, accountId)
    return Promise.all([
      checkAddress(db, accountId),
      checkCalls(options, accountId, clients),
      checkReuse(options, accountId, clients),
      checkSecrets(db, accountId, clients),
    ])
  }
}

async function checkAddress(db: Database, accountId: string): Promise<ProductionCheck> {
  const owners = await db
    .selectFrom('member')
    .innerJoin('person', 'person.id', 'member.person_id')
    .select('person.email_verified')
    .where('member.account_id', '=', accountId)
    .where('member.role', '=', 'owner')
    .execute()
  const done = owners.some((owner) => Boolean(owner.email_verified))
  return {
    ...{ id: 'email_confirmed', title: 'Address confirmed', done },
    detail: done
      ? 'An owner has confirmed his address.'
      : 'Open the link in the mail that came when you signed up.',
  }
}

async function checkCalls(
  options: CheckOptions,
  accountId: string,
  clients: readonly TestClient[],
): Promise<ProductionCheck> {
  const { store, isCalledHere } = reuseFacts(options)
  const uses = await store.scopeUse(testOf(accountId))
  // Calls to APIs that are guarded elsewhere are not seen here; asking for their scopes is.
  const used = new Set(
    uses
      .filter(({ scope, calledAt, requestedAt }) => (isCalledHere(scope) ? calledAt : requestedAt) !== null)
      .map(({ scope }) => scope),
  )
  const scopes = new Set(clients.flatMap((client) => client.scopes))
  const missing = [...scopes].filter((scope) => !used.has(scope)).sort()
  return {
    ...{ id: 'test_success', title: 'Each scope called in test' },
    done: scopes.size > 0 && missing.length === 0,
    detail:
      scopes.size === 0
        ? 'No test client has a scope yet.'
        : missing.length === 0
          ? 'Every scope of your test clients was used by a call.'
          : `Not called yet: ${missing.join(', ')}. Take a scope away that you do not need.`,
  }
}

/** By the same verdicts as the page of reuse shows. */
async function checkReuse(
  options: CheckOptions,
  accountId: string,
  clients: readonly TestClient[],
): Promise<ProductionCheck> {
  const nowMs = options.now()
  const time = { fromMs: nowMs - reuseDays * 86_400_000, toMs: nowMs + 1 }
  const active = new Set(clients.map(({ id }) => id))
  const all = await judgeClients(reuseFacts(options), testOf(accountId), undefined, time)
  const judged = all.flatMap(({ clientId, healthyPercent: percent }) =>
    percent !== null && active.has(clientId) ? [{ clientId, percent }] : [],
  )
  const poor = judged.filter(({ percent }) => percent < healthyPercent)
  return {
    ...{ id: 'reuse_health', title: 'Tokens are reused' },
    done: judged.length > 0 && poor.length === 0,
    detail:
      judged.length === 0
        ? `No test client made enough calls in the last ${reuseDays} days to be judged: 20 are enough.`
        : poor.length === 0
          ? `In the last ${reuseDays} days every test client reused its tokens.`
          : `Reuse health of ${poor.map(({ clientId, percent }) => `${clientId}: ${percent} %`).join(', ')}; from ${healthyPercent} % on it is fine. Keep a token until shortly before it expires.`,
  }
}

async function checkSecrets(
  db: Database,
  accountId: string,
  clients: readonly TestClient[],
): Promise<ProductionCheck> {
  const row = await activeTestClients(db, accountId)
    .innerJoin('client_secret', 'client_secret.client_id', 'client.id')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('client_secret.expires_at', 'is', null)
    .where('client_secret.revoked_at', 'is', null)
    .executeTakeFirstOrThrow()
  const count = Number(row.count)
  return {
    ...{ id: 'secret_expiry', title: 'Secrets expire' },
    done: count === 0 && clients.length > 0,
    detail:
      clients.length === 0
        ? 'There is no test client yet.'
        : count === 0
          ? 'No secret of a test client lives for ever.'
          : `Secrets of test clients without an expiry: ${count}. Give those in production one.`,
  }
}

interface TestClient {
  id: string
  scopes: string[]
}

const testOf = (accountId: string): Owner => ({ accountId, environment: 'test' })

function activeTestClients(db: Database, accountId: string) {
  return db
    .selectFrom('client')
    .where('client.account_id', '=', accountId)
    .where('client.environment', '=', 'test')
    .where('client.disabled_at', 'is', null)
    .where('client.deleted_at', 'is', null)
}

async function listTestClients(db: Database, accountId: string): Promise<TestClient[]> {
  const rows = await activeTestClients(db, accountId).select(['client.id', 'client.scopes']).execute()
  return rows.map(({ id, scopes }) => ({ id, scopes: JSON.parse(scopes) }))
}
