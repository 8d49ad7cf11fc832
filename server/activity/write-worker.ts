// The thread that owns the only write connection of logs.db: a slow disk never holds up a request.
import { parentPort, workerData } from 'node:worker_threads'
import { openSqlite } from '../database/sqlite.ts'
import { tokenRequestColumns } from './token-request-log.ts'

const connection = openSqlite(String(workerData.file), 'NORMAL')
const values = tokenRequestColumns.map((_column, index) => `value ->> ${index}`)
const insert = connection.prepare(
  `insert into token_request (${tokenRequestColumns.join(', ')}) select ${values.join(', ')} from json_each(?)`,
)

parentPort?.on('message', (message: { rows: string } | 'close') => {
  if (message === 'close') {
    connection.close()
    parentPort?.close()
    return
  }
  try {
    insert.run(message.rows)
    parentPort?.postMessage({})
  } catch (error) {
    parentPort?.postMessage({ failed: String(error) })
  }
})
