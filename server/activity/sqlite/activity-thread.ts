// The thread that owns the files of activity: neither a slow disk nor a long read ever holds up a request.
import { parentPort, workerData } from 'node:worker_threads'
import type { Batch } from '../batch.ts'
import { openDayFiles } from './day-files.ts'
import { createFileReader } from './file-reader.ts'
import { createFileWriter } from './file-writer.ts'
import { callerFiles, entryFiles } from './files.ts'
import { openLogsFile } from './logs-file.ts'
import type { Answered, Asked, Question, ThreadData } from './messages.ts'

/** Counters are written so often; a kill loses what was counted since. */
const countsMs = 500
/** What was written is found by its facts so much later; whoever asks sooner waits for it. */
const catchUpMs = 2000
/** Files of old days are closed when nobody asked for them so long. */
const restMs = 20_000

const { logsFile, folder, node }: ThreadData = workerData
const logs = openLogsFile(logsFile)
const entryDays = openDayFiles(folder, entryFiles)
const callerDays = openDayFiles(folder, callerFiles)
const writer = createFileWriter(logs, entryDays.open, callerDays.open, node)
const reader = createFileReader(logs, entryDays.find, callerDays.find)
let countsTimer: NodeJS.Timeout | undefined
let catchUpTimer: NodeJS.Timeout | undefined
let restTimer: NodeJS.Timeout | undefined

function writeCounts(): void {
  clearTimeout(countsTimer)
  countsTimer = undefined
  writer.writeCounts()
}

function countLater(): void {
  countsTimer ??= setTimeout(() => {
    countsTimer = undefined
    try {
      writer.writeCounts()
    } catch {
      // They stay, and are written with the next.
      countLater()
    }
  }, countsMs)
}

function catchUpLater(): void {
  catchUpTimer ??= setTimeout(() => {
    catchUpTimer = undefined
    try {
      writer.catchUp()
    } catch {
      catchUpLater()
    }
  }, catchUpMs)
}

function rest(): void {
  entryDays.rest()
  callerDays.rest()
}

async function answer(question: Question): Promise<unknown> {
  restTimer ??= setInterval(rest, restMs)
  switch (question.kind) {
    case 'write': {
      const batches: Batch[] = question.batches.map((batch) => JSON.parse(batch))
      writer.write(batches)
      countLater()
      catchUpLater()
      return undefined
    }
    case 'find':
      return reader.find(question.uuid)
    case 'page':
      return reader.page(question.matching, question.range, question.limit)
    case 'query': {
      writeCounts()
      const statement = logs.connection.prepare<unknown[], unknown>(question.query.sql)
      const { parameters } = question.query
      if (statement.reader) return statement.all(...parameters)
      statement.run(...parameters)
      return []
    }
    case 'drop':
      entryDays.drop(question.entriesBefore)
      callerDays.drop(question.callersBefore)
      return undefined
    case 'close':
      clearInterval(restTimer)
      clearTimeout(catchUpTimer)
      writeCounts()
      writer.catchUp()
      for (const files of [entryDays, callerDays]) files.close()
      logs.connection.close()
      return undefined
  }
}

parentPort?.on('message', ({ id, question }: Asked) => {
  answer(question)
    .then(
      (value): Answered => ({ id, value }),
      (error: unknown): Answered => ({ id, failed: describe(error) }),
    )
    .then((answered) => {
      parentPort?.postMessage(answered)
      if (question.kind === 'close') parentPort?.close()
    })
})

function describe(error: unknown): NonNullable<Answered['failed']> {
  if (!(error instanceof Error)) return { message: String(error), code: undefined }
  return { message: error.message, code: 'code' in error ? String(error.code) : undefined }
}
