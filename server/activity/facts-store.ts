// Which facts match a filter. They are few, so that they are looked through; an account has an index to its own.
import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { DialectName } from '../database/migrate.ts'
import type { ActivityFilter, ActivityScope } from './activity-store.ts'
import { dayAt, timeOf } from './entry-id.ts'
import type { IdRange } from './page.ts'

/** The condition on `f`, a row of `activity_facts`. */
export function factsMatch(
  filter: ActivityFilter,
  range: IdRange,
  dialect: DialectName,
): RawBuilder<SqlBool> {
  const { kind, clientId, status, statusClass, operation, scope, error, secretId, host } = filter
  const is = (column: string, value: string | number | undefined) =>
    value === undefined ? [] : [sql`${sql.ref(column)} = ${value}`]
  const conditions = [
    ...ofAccount(filter.of),
    ...is('f.client_id', clientId),
    ...is('f.kind', kind),
    ...is('f.status', status),
    ...is('f.operation', operation),
    ...is('f.error', error),
    ...is('f.secret_id', secretId),
    ...is('f.host', host),
    ...(statusClass === undefined
      ? []
      : [sql`f.status between ${statusClass * 100} and ${statusClass * 100 + 99}`]),
    ...(scope === undefined ? [] : [hasScope(scope, dialect)]),
    sql`f.last_day >= ${dayAt(timeOf(range.from))} and f.first_day <= ${dayAt(timeOf(range.below))}`,
  ]
  return sql<SqlBool>`${sql.join(conditions, sql` and `)}`
}

function ofAccount(of: ActivityScope): RawBuilder<unknown>[] {
  if (of === 'deployment') return []
  return [sql`f.account_id = ${of.accountId} and f.environment = ${of.environment}`]
}

function hasScope(scope: string, dialect: DialectName): RawBuilder<unknown> {
  const find = sql.raw(dialect === 'postgres' ? 'strpos' : 'instr')
  return sql`(f.required_scope = ${scope} or ${find}(' ' || f.scopes || ' ', ${` ${scope} `}) > 0)`
}
