// logs.db: the facts of all days, and the counters.
import { openSqlite } from '../../database/sqlite.ts'
import type { FactsRow } from '../batch.ts'
import type { Sums } from '../tally.ts'
import { toBlob } from './blobs.ts'
import type { FactsColumns } from './file-reader.ts'
import { inTransaction } from './transaction.ts'

const factsColumns =
  'account_id, environment, client_id, kind, operation, scopes, required_scope, status, error, secret_id, host'

export type LogsFile = ReturnType<typeof openLogsFile>

export function openLogsFile(file: string) {
  // FULL: entries that outlive a power cut need their facts. It is written about twice a second.
  const connection = openSqlite(file, 'FULL')
  connection.pragma('cache_size = -8192')
  const putFacts = connection.prepare(`insert into activity_facts (id, ${factsColumns}, first_day, last_day)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict (id) do update set
    first_day = min(first_day, excluded.first_day), last_day = max(last_day, excluded.last_day)`)
  const findFacts = connection.prepare<[Uint8Array], FactsColumns>(
    `select ${factsColumns} from activity_facts where id = ?`,
  )
  const addHour = connection.prepare(`insert into activity_hour
    (account_id, environment, hour, client_id, kind, secret_id, granted, refused) values (?, ?, ?, ?, ?, ?, ?, ?)
    on conflict do update set granted = granted + excluded.granted, refused = refused + excluded.refused`)
  const putScopeUse = connection.prepare(`insert into scope_use
    (account_id, environment, client_id, scope, requested_at, called_at) values (?, ?, ?, ?, ?, ?)
    on conflict do update set
    requested_at = max(coalesce(requested_at, excluded.requested_at), coalesce(excluded.requested_at, requested_at)),
    called_at = max(coalesce(called_at, excluded.called_at), coalesce(excluded.called_at, called_at))`)
  const addHostUse = connection.prepare(`insert into host_use
    (account_id, environment, day, client_id, host, count, last_at) values (?, ?, ?, ?, ?, ?, ?)
    on conflict do update set count = count + excluded.count, last_at = max(last_at, excluded.last_at)`)

  function addSums({ hours, scopes, hosts }: Sums): void {
    for (const row of hours) {
      const { account_id, environment, hour, client_id, kind, secret_id, granted, refused } = row
      addHour.run(account_id, environment, hour, client_id, kind, secret_id, granted, refused)
    }
    for (const { account_id, environment, client_id, scope, requested_at, called_at } of scopes)
      putScopeUse.run(account_id, environment, client_id, scope, requested_at, called_at)
    for (const { account_id, environment, day, client_id, host, count, last_at } of hosts)
      addHostUse.run(account_id, environment, day, client_id, host, count, last_at)
  }

  return {
    connection,
    findFacts: (id: Uint8Array) => findFacts.get(id),
    putFacts: (rows: readonly FactsRow[]) =>
      inTransaction(connection, () => {
        for (const { id, facts, first_day, last_day } of rows)
          putFacts.run(
            toBlob(id),
            facts.accountId,
            facts.environment,
            facts.clientId,
            facts.kind,
            facts.operation,
            facts.scopes,
            facts.requiredScope,
            facts.status,
            facts.error,
            facts.secretId,
            facts.host,
            first_day,
            last_day,
          )
      }),
    addSums: (sums: readonly Sums[]) => inTransaction(connection, () => sums.forEach(addSums)),
  }
}
