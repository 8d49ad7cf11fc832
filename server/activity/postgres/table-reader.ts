import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { LogTables } from '../../database/tables.ts'
import type { Now } from '../../vocabulary/clock.ts'
import type { ActivityFilter, ActivityStore } from '../activity-store.ts'
import { uuidOf } from '../entry-id.ts'
import { factsMatch } from '../facts-store.ts'
import { findPage, type IdRange, type PageSource } from '../page.ts'
import { pageRange } from '../page-range.ts'
import { isOf, toEntry, type WholeRow } from '../to-entry.ts'

type Db = Kysely<LogTables>

const columns = sql`e.id, e.facts_id, e.caller_id, e.at, e.duration_ms, e.reason, e.node`

export function createTableReader(
  db: Db,
  now: Now,
  oldestMs: () => number,
): Pick<ActivityStore, 'find' | 'page'> {
  return {
    async find(of, requestId) {
      const uuid = uuidOf(requestId)
      if (uuid === undefined) return undefined
      const [row] = await complete(db, sql`select ${columns} from activity e where e.id = ${uuid}`)
      return row && isOf(of, row) ? toEntry(row) : undefined
    },
    async page(filter, { limit, belowId }) {
      const range = pageRange(filter, belowId, oldestMs(), now())
      if (!range) return []
      const rows = await findPage(source(db, filter, range), range, limit + 1)
      return rows.map(toEntry)
    },
  }
}

function source(db: Db, filter: ActivityFilter, wanted: IdRange): PageSource<string, WholeRow> {
  const matching = factsMatch(filter, wanted, 'postgres')
  return {
    async match(limit) {
      const { rows } = await sql<{ id: string; first_day: number; last_day: number }>`
        select f.id, f.first_day, f.last_day from activity_facts f where ${matching} limit ${limit}`.execute(
        db,
      )
      return rows.map(({ id, first_day, last_day }) => ({ id, firstDay: first_day, lastDay: last_day }))
    },
    probe(range, facts, limit) {
      // The newest of each of the facts by their index, then the newest of those.
      return complete(
        db,
        sql`select ${columns} from unnest(${[...facts]}::uuid[]) as f(id) cross join lateral (
          select * from activity a where a.facts_id = f.id and a.id >= ${range.from} and a.id < ${range.below}
          order by a.id desc limit ${limit}
        ) e order by e.id desc limit ${limit}`,
      )
    },
    scan(range, budget, limit) {
      // Facts are looked up one by one, so that it ends as soon as there are enough.
      return complete(
        db,
        sql`select ${columns} from (
          select * from activity a where a.id >= ${range.from} and a.id < ${range.below} order by a.id desc limit ${budget}
        ) e cross join lateral (select from activity_facts f where f.id = e.facts_id and ${matching} limit 1) m
        order by e.id desc limit ${limit}`,
      )
    },
  }
}

/** Entries with their facts and, unless it was cut, their caller. */
async function complete(db: Db, entries: RawBuilder<unknown>): Promise<WholeRow[]> {
  const { rows } = await sql<WholeRow>`
    with e as materialized (${entries})
    select e.id, e.at, e.duration_ms, e.reason, e.node, f.account_id, f.environment, f.client_id, f.kind, f.operation,
      f.scopes, f.required_scope, f.status, f.error, f.secret_id, f.host, c.address, c.user_agent
    from e join activity_facts f on f.id = e.facts_id left join activity_caller c on c.id = e.caller_id
    order by e.id desc`.execute(db)
  return rows
}
