// One of many processes that start together. It waits for a line, then asks for the token ten times a second until
// it has seen the renewed one, and tells when it asked the server.
import { once } from 'node:events'
import { createClient, type Fetch } from '../../client/index.ts'
import { fileStore } from '../../client/store/file-store.ts'

/** What a process tells in the end; moments of the wall clock in milliseconds. */
export interface ProcessReport {
  startedAtMs: number
  requestedAtMs: number[]
  firstTokenAtMs: number
  renewedAtMs: number
}

const folder = process.env.STORE_FOLDER
const report: ProcessReport = { startedAtMs: 0, requestedAtMs: [], firstTokenAtMs: 0, renewedAtMs: 0 }
const counting: Fetch = (input, init) => {
  report.requestedAtMs.push(Date.now())
  return fetch(input, init)
}
const api = createClient({ fetch: counting, ...(folder && { store: fileStore({ folder }) }) })

process.stdout.write('ready\n')
await once(process.stdin, 'data')
report.startedAtMs = Date.now()
const first = await api.token()
report.firstTokenAtMs = Date.now()
for (let token = first; token === first; token = await api.token())
  await new Promise((resolve) => setTimeout(resolve, 100))
report.renewedAtMs = Date.now()
process.stdout.write(`${JSON.stringify(report)}\n`)
process.exit()
