// What is found out of an account that wants to go to production: from its people, its clients and their activity.
import type { ProductionCheck } from '../accounts/production-routes.ts'
import type { ActivityStore } from '../activity/activity-store.ts'
import type { Database } from '../database/tables.ts'
import type { AccountCaller } from '../vocabulary/account-caller.ts'
import type { Now } from '../vocabulary/clock.ts'

const dayMs = 86_400_000
const healthyRequestsPer100 = 10

export function createProductionChecks(db: Database, activity: ActivityStore, now: Now) {
  return async (caller: AccountCaller): Promise<ProductionCheck[]> => {
    const { accountId } = caller
    const of = { accountId, environment: 'test' as const }
    const [confirmed, clients, openEnded, uses, totals] = await Promise.all([
      hasConfirmedOwner(db, accountId),
      listActiveScopes(db, accountId),
      countSecretsWithoutEnd(db, accountId, now()),
      activity.scopeUse(of),
      activity.clientTotals({ of, fromMs: now() - 7 * dayMs, toMs: now() + 1 }),
    ])
    const scopes = new Set(clients.flat())
    const called = new Set(uses.filter((use) => use.calledAt !== null).map(({ scope }) => scope))
    const missing = [...scopes].filter((scope) => !called.has(scope)).sort()
    const sum = (kind: 'token_request' | 'api_call') =>
      totals.filter((total) => total.kind === kind).reduce((all, { granted }) => all + granted, 0)
    const [tokens, calls] = [sum('token_request'), sum('api_call')]
    const per100 = calls === 0 ? undefined : Math.round((tokens / calls) * 100)
    return [
      {
        id: 'email_confirmed',
        title: 'Address confirmed',
        done: confirmed,
        detail: confirmed
          ? 'An owner has confirmed his address.'
          : 'Open the link in the mail that came when you signed up.',
      },
      {
        id: 'test_success',
        title: 'Each scope called in test',
        done: scopes.size > 0 && missing.length === 0,
        detail:
          scopes.size === 0
            ? 'No test client has a scope yet.'
            : missing.length === 0
              ? 'Every scope of your test clients was used by a call.'
              : `Not called yet: ${missing.join(', ')}. Take a scope away that you do not need.`,
      },
      {
        id: 'reuse_health',
        title: 'Tokens are reused',
        done: per100 !== undefined && per100 <= healthyRequestsPer100,
        detail:
          per100 === undefined
            ? 'No calls in test in the last 7 days.'
            : `${per100} token requests for 100 calls in the last 7 days; up to ${healthyRequestsPer100} are fine.`,
      },
      {
        id: 'secret_expiry',
        title: 'Secrets expire',
        done: openEnded === 0 && clients.length > 0,
        detail:
          openEnded === 0
            ? 'No secret of a test client lives for ever.'
            : `${openEnded} secrets of test clients have no expiry. Give those in production one.`,
      },
    ]
  }
}

async function hasConfirmedOwner(db: Database, accountId: string): Promise<boolean> {
  const rows = await db
    .selectFrom('member')
    .innerJoin('person', 'person.id', 'member.person_id')
    .select('person.email_verified')
    .where('member.account_id', '=', accountId)
    .where('member.role', '=', 'owner')
    .execute()
  return rows.some((row) => Boolean(row.email_verified))
}

function activeTestClients(db: Database, accountId: string) {
  return db
    .selectFrom('client')
    .where('client.account_id', '=', accountId)
    .where('client.environment', '=', 'test')
    .where('client.disabled_at', 'is', null)
    .where('client.deleted_at', 'is', null)
}

async function listActiveScopes(db: Database, accountId: string): Promise<string[][]> {
  const rows = await activeTestClients(db, accountId).select('client.scopes').limit(1000).execute()
  return rows.map(({ scopes }) => JSON.parse(scopes))
}

async function countSecretsWithoutEnd(db: Database, accountId: string, nowMs: number): Promise<number> {
  const { count } = await activeTestClients(db, accountId)
    .innerJoin('client_secret', 'client_secret.client_id', 'client.id')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('client_secret.expires_at', 'is', null)
    .where((eb) =>
      eb.or([eb('client_secret.revoked_at', 'is', null), eb('client_secret.revoked_at', '>', nowMs)]),
    )
    .executeTakeFirstOrThrow()
  return Number(count)
}
