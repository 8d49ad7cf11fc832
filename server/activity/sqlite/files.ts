// What is in the files of a day, and the statements for it.
import { callerMigrations, dayMigrations } from '../../database/migrations/day-files.ts'
import type { Connection, DayFile, DayFileKind } from './day-files.ts'
import { endings } from './file-names.ts'

export interface StoredEntry {
  id: Uint8Array
  facts_id: Uint8Array
  caller_id: Uint8Array | null
  at: number
  duration_ms: number
  reason: string | null
  node: string
}

const columns = 'id, facts_id, caller_id, at, duration_ms, reason, node'

export const entryFiles = {
  ending: endings.entries,
  migrations: dayMigrations,
  prepare: (connection: Connection) => ({
    // The text of a UUID becomes its bytes here: buffers for each row would cost more than the row.
    put: connection.prepare<[string, string, string | null, number, number, string | null, string]>(
      `insert or ignore into activity (${columns}) values (unhex(?, '-'), unhex(?, '-'), unhex(?, '-'), ?, ?, ?, ?)`,
    ),
    find: connection.prepare<[Uint8Array], StoredEntry>(`select ${columns} from activity where id = ?`),
    newest: connection
      .prepare<[Uint8Array, Uint8Array, number], [id: Uint8Array, factsId: Uint8Array]>(
        'select id, facts_id from activity where id >= ? and id < ? order by id desc limit ?',
      )
      .raw(),
    newestOfFacts: connection
      .prepare<[Uint8Array, Uint8Array, Uint8Array, number], Uint8Array>(
        'select id from activity_by_facts where facts_id = ? and id >= ? and id < ? order by id desc limit ?',
      )
      .pluck(),
    behind: connection.prepare<[]>('select 1 from activity_not_by_facts'),
    setBehind: connection.prepare<[string]>(
      `insert into activity_not_by_facts (one, from_id) values (1, unhex(?, '-'))
       on conflict (one) do update set from_id = min(from_id, excluded.from_id)`,
    ),
    catchUp: connection.prepare<[]>(
      `insert or ignore into activity_by_facts (facts_id, id) select facts_id, id from activity
       where id >= (select from_id from activity_not_by_facts) order by facts_id, id`,
    ),
    setCaughtUp: connection.prepare<[]>('delete from activity_not_by_facts'),
  }),
} satisfies DayFileKind<unknown>

/** By itself, because it is personal data and may have to go sooner than the entries. */
export const callerFiles = {
  ending: endings.callers,
  migrations: callerMigrations,
  prepare: (connection: Connection) => ({
    put: connection.prepare<[Uint8Array, string | null, string | null]>(
      'insert or ignore into activity_caller (id, address, user_agent) values (?, ?, ?)',
    ),
    find: connection.prepare<[Uint8Array], { address: string | null; user_agent: string | null }>(
      'select address, user_agent from activity_caller where id = ?',
    ),
  }),
} satisfies DayFileKind<unknown>

export type EntryFile = DayFile<ReturnType<(typeof entryFiles)['prepare']>>
export type CallerFile = DayFile<ReturnType<(typeof callerFiles)['prepare']>>
