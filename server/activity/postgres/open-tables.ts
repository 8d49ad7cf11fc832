import type { Kysely } from 'kysely'
import type { LogTables } from '../../database/tables.ts'
import type { Now } from '../../vocabulary/clock.ts'
import type { ActivityBackend } from '../backend.ts'
import { createCounterStore } from '../counter-store.ts'
import { forgetCounters } from '../retention-store.ts'
import { dropPartitions, makePartitions } from './partitions.ts'
import { createTableReader } from './table-reader.ts'
import { createTableWriter } from './table-writer.ts'

const daysAhead = 3

/** PostgreSQL: tables with a partition for each day, on the bulk pool. */
export function openTables(
  db: Kysely<LogTables>,
  node: string,
  now: Now,
  oldestMs: () => number,
): ActivityBackend {
  return {
    writer: createTableWriter(db, node),
    store: { ...createCounterStore(db, now), ...createTableReader(db, now, oldestMs) },
    async keep(retention, today) {
      for (let day = today; day <= today + daysAhead; day += 1) await makePartitions(db, day)
      await dropPartitions(db, 'activity', retention.entriesBefore)
      await dropPartitions(db, 'activity_caller', retention.callersBefore)
      await forgetCounters(db, retention)
    },
  }
}
