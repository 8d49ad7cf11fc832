// The thread that owns the only write connection of logs.db: a slow disk never holds up a request.
import { parentPort, workerData } from 'node:worker_threads'
import { openSqlite } from '../database/sqlite.ts'
import { type Cell, tokenRequestColumns } from './token-request-log.ts'

const connection = openSqlite(String(workerData.file), 'NORMAL')
const width = tokenRequestColumns.length
const insert = connection.prepare(
  `insert into token_request (${tokenRequestColumns.join(', ')}) values (${tokenRequestColumns.map(() => '?').join(', ')})`,
)
const writeAll = connection.transaction((cells: readonly Cell[]) => {
  for (let index = 0; index < cells.length; index += width) insert.run(...cells.slice(index, index + width))
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
