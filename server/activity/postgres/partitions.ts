// The days of `activity` and `activity_caller` are partitions, by the ids, which begin with their time.
import { type Kysely, sql } from 'kysely'
import type { LogTables } from '../../database/tables.ts'
import { dayMs, lowestUuid, nameOfDay } from '../entry-id.ts'

type Db = Kysely<LogTables>
export type PartitionedTable = 'activity' | 'activity_caller'

const tables: readonly PartitionedTable[] = ['activity', 'activity_caller']

/** Makes the partitions of a day; another node may do the same at the same time. */
export async function makePartitions(db: Db, day: number): Promise<void> {
  for (const table of tables) {
    if ((await partitionsOf(db, table)).get(day) === 'attached') continue
    const [from, to] = [lowestUuid(day * dayMs), lowestUuid((day + 1) * dayMs)].map((uuid) => sql.lit(uuid))
    const [parent, partition] = [sql.ref(table), sql.ref(partitionName(table, day))]
    // Made by itself and then attached: that keeps nobody from writing to the other days. Of two nodes that make it at
    // once one fails in PostgreSQL's catalogue, after the other has it.
    const create = sql`create table if not exists ${partition} (like ${parent} including all)`
    await create.execute(db).catch(() => create.execute(db))
    await sql`alter table ${parent} attach partition ${partition} for values from (${from}) to (${to})`
      .execute(db)
      .catch(async (error: unknown) => {
        if ((await partitionsOf(db, table)).get(day) !== 'attached') throw error
      })
  }
}

/** Drops the days before. Detached first and concurrently: that waits for those who read, and stops nobody. */
export async function dropPartitions(db: Db, table: PartitionedTable, beforeDay: number): Promise<void> {
  for (const [day, state] of await partitionsOf(db, table)) {
    if (day >= beforeDay) continue
    const [parent, partition] = [sql.ref(table), sql.ref(partitionName(table, day))]
    const how = sql.raw(state === 'pending' ? 'finalize' : 'concurrently')
    if (state !== 'detached')
      await sql`alter table ${parent} detach partition ${partition} ${how}`.execute(db)
    await sql`drop table if exists ${partition}`.execute(db)
  }
}

/** The days that have one. `pending`: its detaching was interrupted; `detached`: only its drop is missing. */
async function partitionsOf(
  db: Db,
  table: PartitionedTable,
): Promise<Map<number, 'attached' | 'pending' | 'detached'>> {
  const { rows } = await sql<{ name: string; pending: boolean | null }>`
    select c.relname as name, i.inhdetachpending as pending
    from pg_class p join pg_class c on c.relnamespace = p.relnamespace and c.relkind = 'r'
    left join pg_inherits i on i.inhrelid = c.oid and i.inhparent = p.oid
    where p.oid = to_regclass(${table})
  `.execute(db)
  const form = new RegExp(`^${table}_(\\d{4})_(\\d\\d)_(\\d\\d)$`)
  return new Map(
    rows.flatMap(({ name, pending }) => {
      const [, year, month, day] = form.exec(name) ?? []
      if (year === undefined) return []
      const days = Date.UTC(Number(year), Number(month) - 1, Number(day)) / dayMs
      return [[days, pending === null ? 'detached' : pending ? 'pending' : 'attached'] as const]
    }),
  )
}

function partitionName(table: PartitionedTable, day: number): string {
  return `${table}_${nameOfDay(day).replaceAll('-', '_')}`
}
