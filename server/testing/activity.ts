// Activity by itself, without a server: what tests of its storage record and read.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Activity, openActivity } from '../activity/open.ts'
import type { OpenDatabase } from '../database/open.ts'
import type { Happening } from '../vocabulary/activity-entry.ts'
import { createIds } from '../vocabulary/clock.ts'
import { openTestDatabase, type TestDialect } from './database.ts'
import { testStart } from './world.ts'

export interface RecordedActivity {
  activity: Activity
  database: OpenDatabase
  /** The folder of the day files; on PostgreSQL there is nothing in it. */
  folder: string
  clock: { now: () => number; set: (ms: number) => void; advance: (ms: number) => void }
  /** Records a granted token request of acme's in test, but for what is given. @returns its id. */
  record: (facts?: Partial<Happening>) => string
  /** Writes what waits and opens the same database again, as a restart does. */
  restart: () => Promise<void>
  close: () => Promise<void>
}

export async function recordActivity(
  dialect: TestDialect,
  keep = { activityDays: 30, addressDays: 30 },
): Promise<RecordedActivity> {
  const dataDir = mkdtempSync(join(tmpdir(), 'latchkey-activity-'))
  let nowMs = testStart
  const now = () => nowMs
  const newId = createIds(now)
  const { database, drop } = await openTestDatabase(dialect, dataDir, now)
  const open = () =>
    openActivity({ database, now, node: 'node-1', recording: true, keep, onDrop: () => undefined })
  let activity = open()

  return {
    get activity() {
      return activity
    },
    database,
    folder: join(dataDir, 'activity'),
    clock: {
      now,
      set: (ms) => {
        nowMs = ms
      },
      advance: (ms) => {
        nowMs += ms
      },
    },
    record(facts = {}) {
      const happening = { ...grantedTokenRequest, id: newId('req'), ...facts }
      activity.recorder.record(happening)
      return happening.id
    },
    async restart() {
      await activity.recorder.close()
      activity = open()
    },
    async close() {
      await activity.recorder.close()
      await database.close()
      await drop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

const grantedTokenRequest: Omit<Happening, 'id'> = {
  kind: 'token_request',
  accountId: 'acme',
  environment: 'test',
  clientId: 'client-1',
  secretId: 'sec_1',
  scopes: 'document_read event',
  requiredScope: null,
  operation: 'POST /oauth/connect/token',
  status: 200,
  error: null,
  reason: null,
  durationMs: 1.5,
  address: '192.0.2.1',
  userAgent: 'agent/1.0',
  host: 'api.example',
}

/** A guarded call instead. */
export const apiCall: Partial<Happening> = {
  kind: 'api_call',
  secretId: null,
  requiredScope: 'document_read',
  operation: 'GET /signature/documents',
}
