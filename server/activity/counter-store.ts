// What was counted: kept longer than the entries, and small enough to be read whole.
import type { Kysely } from 'kysely'
import type { LogTables } from '../database/tables.ts'
import type { ActivityScope, ActivityStore } from './activity-store.ts'
import { dayAt, dayMs, hourMs } from './entry-id.ts'
import { everybody } from './tally.ts'

type Counters = Pick<ActivityStore, 'hours' | 'clientTotals' | 'scopeUse' | 'hostUse' | 'secretUse'>

export function createCounterStore(db: Kysely<LogTables>, now: () => number): Counters {
  return {
    hours({ of, clientId, fromMs, toMs }) {
      // Everybody's sum is counted by itself, without the clients.
      const sums = of === 'deployment' && clientId === undefined
      const query = hoursOf(db, sums ? { accountId: everybody, environment: '' } : of, fromMs, toMs, clientId)
      return query
        .select(['hour', 'kind'])
        .select((eb) => eb.cast<number>(eb.fn.sum('granted'), 'bigint').as('granted'))
        .select((eb) => eb.cast<number>(eb.fn.sum('refused'), 'bigint').as('refused'))
        .groupBy(['hour', 'kind'])
        .orderBy('hour')
        .orderBy('kind')
        .execute()
    },

    clientTotals({ of, clientId, fromMs, toMs }) {
      return hoursOf(db, of, fromMs, toMs, clientId)
        .where('client_id', '<>', '')
        .select(['client_id as clientId', 'kind'])
        .select((eb) => eb.cast<number>(eb.fn.sum('granted'), 'bigint').as('granted'))
        .select((eb) => eb.cast<number>(eb.fn.sum('refused'), 'bigint').as('refused'))
        .groupBy(['client_id', 'kind'])
        .orderBy('client_id')
        .orderBy('kind')
        .execute()
    },

    scopeUse(of, clientId) {
      return db
        .selectFrom('scope_use')
        .$if(of !== 'deployment', (query) => query.where((eb) => eb.and(ownerOf(of))))
        .$if(clientId !== undefined, (query) => query.where('client_id', '=', clientId ?? ''))
        .select(['client_id as clientId', 'scope', 'requested_at as requestedAt', 'called_at as calledAt'])
        .orderBy('client_id')
        .orderBy('scope')
        .execute()
    },

    hostUse(of, fromMs) {
      return db
        .selectFrom('host_use')
        .where('day', '>=', dayAt(fromMs))
        .$if(of !== 'deployment', (query) => query.where((eb) => eb.and(ownerOf(of))))
        .select(['client_id as clientId', 'host'])
        .select((eb) => eb.cast<number>(eb.fn.sum('count'), 'bigint').as('count'))
        .select((eb) => eb.fn.max('last_at').as('lastAt'))
        .groupBy(['client_id', 'host'])
        .orderBy('client_id')
        .orderBy('host')
        .execute()
    },

    async secretUse(of, clientId) {
      const hour = now() - (now() % hourMs)
      const rows = await hoursOf(db, of, hour - dayMs, hour + hourMs, clientId)
        .where('secret_id', '<>', '')
        .select(['secret_id', 'hour', 'granted', 'refused'])
        .execute()
      const uses = new Map<string, { secretId: string; lastHour: number; lastDay: number }>()
      for (const row of rows) {
        const use = uses.get(row.secret_id) ?? { secretId: row.secret_id, lastHour: 0, lastDay: 0 }
        const count = Number(row.granted) + Number(row.refused)
        use.lastDay += count
        if (row.hour >= hour - hourMs) use.lastHour += count
        uses.set(row.secret_id, use)
      }
      return [...uses.values()]
    },
  }
}

function hoursOf(
  db: Kysely<LogTables>,
  of: ActivityScope | { accountId: string; environment: string },
  fromMs: number,
  toMs: number,
  clientId: string | undefined,
) {
  const query = db
    .selectFrom('activity_hour')
    .where('hour', '>=', fromMs - (fromMs % hourMs))
    .where('hour', '<', toMs)
    .$if(clientId !== undefined, (narrowed) => narrowed.where('client_id', '=', clientId ?? ''))
  return of === 'deployment'
    ? query.where('account_id', '<>', everybody)
    : query.where('account_id', '=', of.accountId).where('environment', '=', of.environment)
}

function ownerOf(of: ActivityScope): { account_id: string; environment: string } | Record<string, never> {
  return of === 'deployment' ? {} : { account_id: of.accountId, environment: of.environment }
}
