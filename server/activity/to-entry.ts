import type { LogTables } from '../database/tables.ts'
import type { ActivityScope } from './activity-store.ts'
import type { ActivityEntry } from './entry.ts'
import { requestIdOf } from './entry-id.ts'

type FactsColumns = Omit<LogTables['activity_facts'], 'id' | 'first_day' | 'last_day'>

/** An entry with its facts and, unless it was cut, its caller. */
export interface WholeRow extends FactsColumns {
  id: string
  at: number
  duration_ms: number
  reason: string | null
  node: string
  address: string | null
  user_agent: string | null
}

export function toEntry(row: WholeRow): ActivityEntry {
  return {
    id: requestIdOf(row.id),
    at: row.at,
    kind: row.kind,
    accountId: row.account_id,
    environment: row.environment,
    clientId: row.client_id,
    secretId: row.secret_id,
    scopes: row.scopes,
    requiredScope: row.required_scope,
    operation: row.operation,
    status: row.status,
    error: row.error,
    reason: row.reason,
    durationMs: row.duration_ms,
    address: row.address,
    userAgent: row.user_agent,
    host: row.host,
    node: row.node,
  }
}

/** An account sees its own alone; the operator sees all. */
export function isOf(of: ActivityScope, row: WholeRow): boolean {
  return of === 'deployment' || (row.account_id === of.accountId && row.environment === of.environment)
}
