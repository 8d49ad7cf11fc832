import { Worker } from 'node:worker_threads'
import type { Kysely } from 'kysely'
import type { LogTables } from '../database/tables.ts'
import { type TokenRequestRow, writeRows } from './token-request-log.ts'

/** Writes one batch; resolves when it is stored. */
export interface BatchWriter {
  write: (rows: readonly TokenRequestRow[]) => Promise<void>
  close: () => Promise<void>
}

/** SQLite: a thread of its own writes `logs.db`. */
export function fileWriter(file: string): BatchWriter {
  const worker = new Worker(new URL('./write-worker.ts', import.meta.url), {
    workerData: { file },
    // It holds a batch at a time.
    resourceLimits: { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 64 },
  })
  const waiting: { resolve: () => void; reject: (error: Error) => void }[] = []
  const failAll = (error: Error) => {
    for (const { reject } of waiting.splice(0)) reject(error)
  }
  worker.on('message', (message: { failed?: string }) => {
    const first = waiting.shift()
    if (message.failed === undefined) first?.resolve()
    else first?.reject(new Error(message.failed))
  })
  worker.on('error', failAll)
  const exited = new Promise<void>((resolve) => worker.once('exit', () => resolve()))
  return {
    write: (rows) =>
      new Promise((resolve, reject) => {
        waiting.push({ resolve, reject })
        worker.postMessage({ rows: writeRows(rows) })
      }),
    async close() {
      worker.postMessage('close')
      await exited
      failAll(new Error('closed'))
    },
  }
}

/** PostgreSQL: one statement a batch, on the bulk pool. */
export function tableWriter(db: Kysely<LogTables>): BatchWriter {
  return {
    async write(rows) {
      await db
        .insertInto('token_request')
        .values([...rows])
        .execute()
    },
    close: async () => undefined,
  }
}
