import { dirname, join } from 'node:path'
import type { OpenDatabase } from '../database/open.ts'
import type { Now } from '../vocabulary/clock.ts'
import type { ActivityStore } from './activity-store.ts'
import { dayAt, dayMs } from './entry-id.ts'
import { openTables } from './postgres/open-tables.ts'
import { createRecorder, noRecorder, type Recorder } from './recorder.ts'
import { openFiles } from './sqlite/open-files.ts'

export interface ActivityOptions {
  database: OpenDatabase
  now: Now
  /** The name of this node. */
  node: string
  /** False: nothing is recorded. */
  recording: boolean
  /** How many whole days entries are kept, and who called from where. */
  keep: { activityDays: number; addressDays: number }
  onDrop: (entries: number) => void
}

/** What records activity, what reads it, and the periodic work that lets it go. */
export interface Activity {
  recorder: Recorder
  store: ActivityStore
  /** Does its work when a day is over, and at first. */
  retain: () => Promise<void>
}

/** A year, and a month to compare it with. */
const counterDays = 400

export function openActivity(options: ActivityOptions): Activity {
  const { database, now, node, recording, keep, onDrop } = options
  const { log } = database
  const firstDayKept = (days: number) => dayAt(now()) - days
  const oldestMs = () => firstDayKept(keep.activityDays) * dayMs
  const backend =
    'file' in log
      ? openFiles({ logsFile: log.file, folder: join(dirname(log.file), 'activity'), node }, now, oldestMs)
      : openTables(log.db, node, now, oldestMs)
  const { writer } = backend
  let retainedOn: number | undefined
  return {
    recorder: recording ? createRecorder({ writer, now, onDrop }) : { ...noRecorder, close: writer.close },
    store: backend.store,
    async retain() {
      const today = dayAt(now())
      if (retainedOn === today) return
      const retention = {
        entriesBefore: firstDayKept(keep.activityDays),
        callersBefore: firstDayKept(keep.addressDays),
        countersBefore: firstDayKept(counterDays),
      }
      await backend.keep(retention, today)
      retainedOn = today
    },
  }
}
