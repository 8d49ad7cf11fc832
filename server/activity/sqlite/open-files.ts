import type { Now } from '../../vocabulary/clock.ts'
import type { ActivityBackend } from '../backend.ts'
import { createCounterStore } from '../counter-store.ts'
import { uuidOf } from '../entry-id.ts'
import { factsMatch } from '../facts-store.ts'
import { pageRange } from '../page-range.ts'
import { forgetCounters } from '../retention-store.ts'
import { isOf, toEntry, type WholeRow } from '../to-entry.ts'
import { endings, hasFilesBefore } from './file-names.ts'
import type { ThreadData } from './messages.ts'
import { openThread } from './thread.ts'
import { throughThread } from './thread-dialect.ts'

/** SQLite: `logs.db` and a file for each day, in the hands of a thread of their own. */
export function openFiles(data: ThreadData, now: Now, oldestMs: () => number): ActivityBackend {
  const thread = openThread(data)
  const db = throughThread(thread)
  return {
    writer: {
      // In one transaction many entries share the pages that they touch.
      batchEntries: 5000,
      async write(batches) {
        await thread.ask({ kind: 'write', batches: batches.map((batch) => JSON.stringify(batch)) })
      },
      close: thread.close,
    },
    store: {
      ...createCounterStore(db, now),
      async find(of, requestId) {
        const uuid = uuidOf(requestId)
        if (uuid === undefined) return undefined
        const row = await thread.ask({ kind: 'find', uuid })
        return isWholeRow(row) && isOf(of, row) ? toEntry(row) : undefined
      },
      async page(filter, { limit, belowId }) {
        const range = pageRange(filter, belowId, oldestMs(), now())
        if (!range) return []
        const { sql: text, parameters } = factsMatch(filter, range, 'sqlite').compile(db)
        const matching = { sql: text, parameters }
        const rows = await thread.ask({ kind: 'page', matching, range, limit: limit + 1 })
        return Array.isArray(rows) ? rows.filter(isWholeRow).map(toEntry) : []
      },
    },
    async keep(retention) {
      const { entriesBefore, callersBefore } = retention
      const isOld =
        hasFilesBefore(data.folder, endings.entries, entriesBefore) ||
        hasFilesBefore(data.folder, endings.callers, callersBefore)
      // For nothing no thread is started.
      if (!isOld && !thread.isRunning()) return
      await thread.ask({ kind: 'drop', entriesBefore, callersBefore })
      await forgetCounters(db, retention)
    },
  }
}

function isWholeRow(row: unknown): row is WholeRow {
  return typeof row === 'object' && row !== null && 'duration_ms' in row
}
