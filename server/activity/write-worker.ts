// The thread that owns the only write connection of logs.db: a slow disk never holds up a request.
import { parentPort, workerData } from 'node:worker_threads'
import { openSqlite } from '../database/sqlite.ts'
import { type Cell, tokenRequestColumns } from './token-request-log.ts'

const connection = openSqlite(String(workerData.file), 'NORMAL')
const width = tokenRequestColumns.length
/** So many rows go into one statement: each statement costs more than a row. */
const chunkRows = 50
const insertChunk = prepareInsert(chunkRows)
const insertOne = prepareInsert(1)

function prepareInsert(rows: number) {
  const row = `(${tokenRequestColumns.map(() => '?').join(', ')})`
  const values = Array.from({ length: rows }, () => row).join(', ')
  return connection.prepare(`insert into token_request (${tokenRequestColumns.join(', ')}) values ${values}`)
}

const writeAll = connection.transaction((cells: readonly Cell[]) => {
  let index = 0
  for (; index + chunkRows * width <= cells.length; index += chunkRows * width) {
    insertChunk.run(cells.slice(index, index + chunkRows * width))
  }
  for (; index < cells.length; index += width) insertOne.run(cells.slice(index, index + width))
})

parentPort?.on('message', (message: { cells: Cell[] } | 'close') => {
  if (message === 'close') {
    connection.close()
    parentPort?.close()
    return
  }
  try {
    writeAll.immediate(message.cells)
    parentPort?.postMessage({ written: message.cells.length / width })
  } catch (error) {
    parentPort?.postMessage({ written: message.cells.length / width, failed: String(error) })
  }
})
