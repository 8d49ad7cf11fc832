// `npm run try`: a token and three guarded calls with the demo client, shown as they go over the wire.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { createClient, LatchkeyError } from '@latchkey/client'
import { recordExchanges, ServerAway } from './record-exchanges.ts'

/** Why the trial cannot go on: one sentence that says what to do. */
class TrialError extends Error {}

const startFirst = 'Run npm start in another terminal first, then npm run try again.'
const calls = ['/signature/documents', '/notification/events', '/identification/sessions']
const scopes = ['document_read', 'event', 'identify']

async function tryDemo(): Promise<void> {
  const { url, clientId, clientSecret } = readDemoFile(process.env.LATCHKEY_DATA_DIR ?? 'data')
  const recorder = recordExchanges(print, [clientSecret])
  const api = createClient({ url, clientId, clientSecret, scopes, fetch: recorder.fetch })
  print(`Latchkey at ${url}, API client ${clientId}\n`)
  for (const path of calls) {
    const { ok, status } = await api.fetch(path, { signal: recorder.signal })
    if (!ok) throw new TrialError(`GET ${path} answered ${status}: the answer above says why.`)
  }
  const { tokenRequests, apiCalls } = recorder.counts()
  print(
    `${tokenRequests + apiCalls} requests: ${count(tokenRequests, 'token request')}, ${count(apiCalls, 'API call')}`,
  )
}

/** What `npm start` wrote for the demo client. */
function readDemoFile(dataDir: string): { url: string; clientId: string; clientSecret: string } {
  const file = join(dataDir, 'demo.env')
  const values = parseEnv(readText(file))
  const get = (name: string) => {
    const value = values[name]
    if (!value)
      throw new TrialError(`${file} has no ${name}. Restore the line, or start with a new data folder.`)
    return value
  }
  return {
    url: get('LATCHKEY_URL'),
    clientId: get('LATCHKEY_CLIENT_ID'),
    clientSecret: get('LATCHKEY_CLIENT_SECRET'),
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    throw new TrialError(`There is no demo client in ${file}. ${startFirst}`)
  }
}

function count(number: number, name: string): string {
  return `${number} ${name}${number === 1 ? '' : 's'}`
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

function explain(error: unknown): string {
  if (error instanceof ServerAway) return `Nothing answers at ${error.origin}. ${startFirst}`
  if (error instanceof TrialError || error instanceof LatchkeyError) return error.message
  // The type alone: what it holds is not known to be free of secrets.
  return `The trial failed unexpectedly (${error instanceof Error ? error.name : typeof error}).`
}

tryDemo().catch((error: unknown) => {
  process.stderr.write(`${explain(error)}\n`)
  process.exitCode = 1
})
