// `latchkey try`, also `npm run try`: a token and three guarded calls with the demo client, shown as they go over the wire.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { createClient } from '@latchkey/client'
import type { Command } from 'commander'
import { addCommand, contextOf } from '../command.ts'
import { CliError, exitCodeOf, exitCodes } from '../exit.ts'
import { recordExchanges, ServerAway } from '../record-exchanges.ts'
import type { Terminal } from '../terminal.ts'

const startFirst = 'Run npm start in another terminal first, then npm run try again.'
const calls = ['/signature/documents', '/notification/events', '/identification/sessions']
const scopes = ['document_read', 'event', 'identify']

export function addTryCommand(program: Command): void {
  addCommand(
    program,
    'try',
    'a token and three guarded calls with the demo client, shown as they go over the wire',
  ).action((_flags: object, command: Command) => tryDemo(contextOf(command).terminal))
}

async function tryDemo(terminal: Terminal): Promise<void> {
  const { url, clientId, clientSecret } = readDemoFile(process.env.LATCHKEY_DATA_DIR ?? 'data')
  const print = terminal.isJson ? () => undefined : terminal.print
  const recorder = recordExchanges(print, [clientSecret])
  const api = createClient({ url, clientId, clientSecret, scopes, fetch: recorder.fetch })
  print(`Latchkey at ${url}, API client ${clientId}
`)
  for (const path of calls) {
    const { ok, status } = await api.fetch(path, { signal: recorder.signal }).catch((error: unknown) => {
      if (!(error instanceof ServerAway)) throw error
      throw new CliError(exitCodes.server, `Nothing answers at ${error.origin}. ${startFirst}`)
    })
    if (!ok)
      throw new CliError(exitCodeOf(status), `GET ${path} answered ${status}: the answer above says why.`)
  }
  const { tokenRequests, apiCalls } = recorder.counts()
  if (terminal.isJson) return terminal.printJson({ url, clientId, tokenRequests, apiCalls })
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
    if (!value) throw missing(`${file} has no ${name}. Restore the line, or start with a new data folder.`)
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
    throw missing(`There is no demo client in ${file}. ${startFirst}`)
  }
}

function count(number: number, name: string): string {
  return `${number} ${name}${number === 1 ? '' : 's'}`
}

function missing(message: string): CliError {
  return new CliError(exitCodes.usage, message)
}
