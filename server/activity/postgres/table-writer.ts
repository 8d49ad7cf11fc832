import { type Kysely, sql } from 'kysely'
import type { LogTables } from '../../database/tables.ts'
import type { BatchWriter } from '../backend.ts'
import type { Batch, FactsRow } from '../batch.ts'
import { createFactsByNumber, type FactsByNumber } from '../defined-facts.ts'
import { createTally, type Sums } from '../tally.ts'
import { makePartitions } from './partitions.ts'

/** PostgreSQL: one statement a batch, on the bulk pool, so that all of it is stored or nothing. */
export function createTableWriter(db: Kysely<LogTables>, node: string): BatchWriter {
  const facts = createFactsByNumber()
  const tally = createTally(facts.get)
  return {
    batchEntries: 500,
    async write(batches) {
      for (const batch of batches) {
        facts.learn(batch)
        tally.add(batch)
        const statement = batchStatement(batch, tally.take(), entriesOf(batch, facts, node))
        const tryAgain = async (error: unknown) => {
          await mend(db, error, batch)
          await statement.execute(db)
        }
        await statement.execute(db).catch(tryAgain).catch(tryAgain)
      }
    },
    close: async () => undefined,
  }
}

/** Makes the partition that is missing; of two nodes that wait for each other one tries again. */
async function mend(db: Kysely<LogTables>, error: unknown, { days }: Batch): Promise<void> {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  // No partition for the row (check_violation), deadlock, serialization failure.
  if (code === '23514') for (const [day] of days) await makePartitions(db, day)
  else if (code !== '40P01' && code !== '40001') throw error
}

/** The entries of a batch, a row each. */
function entriesOf({ days }: Batch, known: FactsByNumber, node: string): object[] {
  return days.flatMap(([, { ids, facts, callers, at, durations, reasons }]) =>
    ids.map((id, index) => ({
      id,
      facts_id: known.get(facts[index] ?? 0).id,
      caller_id: callers[index],
      at: at[index],
      duration_ms: durations[index],
      reason: reasons[index],
      node,
    })),
  )
}

/** One row for each id, as a statement may touch it once; in their order, so that nodes do not wait for each other. */
function factsRows(facts: readonly FactsRow[]): object[] {
  const rows = new Map<string, Omit<FactsRow, 'facts'>>()
  for (const { facts: columns, ...row } of facts) {
    const other = rows.get(row.id) ?? row
    const first_day = Math.min(row.first_day, other.first_day)
    const last_day = Math.max(row.last_day, other.last_day)
    rows.set(row.id, { ...row, ...columns, first_day, last_day })
  }
  return [...rows.values()].sort((a, b) => (a.id < b.id ? -1 : 1))
}

function batchStatement(batch: Batch, { hours, scopes, hosts }: Sums, entries: object[]) {
  const callers = batch.days.flatMap(([, { newCallers }]) => newCallers)
  const json = (rows: readonly object[]) => sql`${JSON.stringify(rows)}::json`
  return sql`
    with new_facts as (
      insert into activity_facts as f
        (id, account_id, environment, client_id, kind, operation, scopes, required_scope, status, error, secret_id, host, first_day, last_day)
      select id, "accountId", environment, "clientId", kind, operation, scopes, "requiredScope", status, error, "secretId", host, first_day, last_day
      from json_to_recordset(${json(factsRows(batch.facts))}) as x(
        id uuid, "accountId" text, environment text, "clientId" text, kind text, operation text, scopes text, "requiredScope" text,
        status bigint, error text, "secretId" text, host text, first_day bigint, last_day bigint)
      on conflict (id) do update set first_day = least(f.first_day, excluded.first_day), last_day = greatest(f.last_day, excluded.last_day)
    ), new_callers as (
      insert into activity_caller (id, address, user_agent)
      select id, address, user_agent from json_to_recordset(${json(callers)})
        as x(id uuid, address text, user_agent text)
      on conflict do nothing
    ), new_hours as (
      insert into activity_hour as h (account_id, environment, hour, client_id, kind, secret_id, granted, refused)
      select account_id, environment, hour, client_id, kind, secret_id, granted, refused from json_to_recordset(${json(hours)})
        as x(account_id text, environment text, hour bigint, client_id text, kind text, secret_id text, granted bigint, refused bigint)
      on conflict (account_id, environment, hour, client_id, kind, secret_id)
        do update set granted = h.granted + excluded.granted, refused = h.refused + excluded.refused
    ), new_scopes as (
      insert into scope_use as s (account_id, environment, client_id, scope, requested_at, called_at)
      select account_id, environment, client_id, scope, requested_at, called_at from json_to_recordset(${json(scopes)})
        as x(account_id text, environment text, client_id text, scope text, requested_at bigint, called_at bigint)
      on conflict (account_id, environment, client_id, scope) do update set
        requested_at = greatest(s.requested_at, excluded.requested_at), called_at = greatest(s.called_at, excluded.called_at)
    ), new_hosts as (
      insert into host_use as u (account_id, environment, day, client_id, host, count, last_at)
      select account_id, environment, day, client_id, host, count, last_at from json_to_recordset(${json(hosts)})
        as x(account_id text, environment text, day bigint, client_id text, host text, count bigint, last_at bigint)
      on conflict (account_id, environment, day, client_id, host)
        do update set count = u.count + excluded.count, last_at = greatest(u.last_at, excluded.last_at)
    )
    insert into activity (id, facts_id, caller_id, at, duration_ms, reason, node)
    select id, facts_id, caller_id, at, duration_ms, reason, node from json_to_recordset(${json(entries)})
      as x(id uuid, facts_id uuid, caller_id uuid, at bigint, duration_ms real, reason text, node text)
    on conflict do nothing`
}
