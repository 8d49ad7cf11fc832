// `latchkey logs`: what happened, and what happens now.
import { setTimeout as wait } from 'node:timers/promises'
import type { Command } from 'commander'
import type { AccountApi, Answer } from '../account-api.ts'
import { addAccountCommand, type Context, contextOf, environmentOption } from '../command.ts'
import { readEvents } from '../events.ts'
import { CliError, exitCodes, usageError } from '../exit.ts'
import { timeText } from '../terminal.ts'

interface LogFlags {
  follow?: boolean
  env: string
  status?: string
  client?: string
  kind?: string
  operation?: string
  limit: number
}

type Entry = Answer<'/account/{environment}/activity', 'get'>['items'][number]

/** Waits between tries to take a broken stream up again. */
const pausesMs = [500, 1000, 2000, 5000, 10_000]

export function addLogsCommand(program: Command): void {
  addAccountCommand(
    program,
    'logs',
    'show token requests and API calls of your clients, refusals with their reason',
  )
    .option('-f, --follow', 'go on with what happens now, until Ctrl-C')
    .addOption(environmentOption())
    .option('--status <status>', 'a status, or a class of them: 401, 4xx')
    .option('--client <client-id>', 'only of this client')
    .option('--kind <kind>', 'token_request or api_call')
    .option('--operation <operation>', 'method and pattern, e.g. "GET /signature/documents"')
    .option('--limit <number>', 'how many of those that were; 0 with --follow for none', wholeNumber, 20)
    .action((flags: LogFlags, command: Command) => showLogs(contextOf(command), flags))
}

async function showLogs(context: Context, flags: LogFlags): Promise<void> {
  const api = await context.account()
  const { env, status, client, kind, operation, limit } = flags
  const path = { environment: env }
  const query = { status, clientId: client, kind, operation }
  let latest: string | undefined
  if (limit > 0) {
    const { body } = await api.call('get', '/account/{environment}/activity', {
      path,
      query: { ...query, limit },
    })
    // Oldest first, as it would have been followed.
    for (const entry of body.items.toReversed()) printEntry(context, entry)
    latest = body.items[0]?.requestId
    if (body.items.length === 0 && !flags.follow) context.terminal.note('Nothing matches.')
  }
  if (flags.follow) await follow(context, api, { path, query }, latest)
}

async function follow(
  context: Context,
  api: AccountApi,
  filter: { path: Record<string, string>; query: Record<string, string | undefined> },
  from: string | undefined,
): Promise<void> {
  const stop = new AbortController()
  process.once('SIGINT', () => stop.abort())
  const shown = new Set(from === undefined ? [] : [from])
  let lastId = from
  let failures = 0
  let hasBegun = false
  while (!stop.signal.aborted) {
    try {
      const headers = lastId === undefined ? {} : { 'last-event-id': lastId }
      const options = { ...filter, headers: { accept: 'text/event-stream', ...headers }, signal: stop.signal }
      const response = await api.open('/account/{environment}/activity/stream', options)
      context.terminal.note(hasBegun ? 'Following again.' : 'Following. Ctrl-C ends it.')
      hasBegun = true
      failures = 0
      for await (const { event, data, id } of readEvents(response)) {
        if (event === 'skipped') context.terminal.note('More happened than is shown here.')
        // What was under way when a stream was taken up again comes twice.
        if (event !== 'activity' || (id !== undefined && shown.has(id))) continue
        if (id !== undefined) remember(shown, id)
        lastId = id ?? lastId
        printEntry(context, JSON.parse(data))
      }
    } catch (error) {
      if (stop.signal.aborted) return
      // A refusal is final; a server that restarts is not.
      if (error instanceof CliError && error.exitCode !== exitCodes.server) throw error
    }
    const pause = pausesMs[failures]
    if (pause === undefined)
      throw new CliError(exitCodes.server, 'The stream broke, and cannot be taken up again.')
    if (failures > 0) context.terminal.note('The stream broke. Trying again.')
    failures += 1
    await wait(pause, undefined, { signal: stop.signal }).catch(() => undefined)
  }
}

/** A stream goes on for days. */
function remember(shown: Set<string>, id: string): void {
  shown.add(id)
  const [oldest] = shown
  if (shown.size > 5000 && oldest !== undefined) shown.delete(oldest)
}

/** With --json one object on a line, so that a stream can be read by programs. */
function printEntry({ terminal }: Context, entry: Entry): void {
  if (terminal.isJson) {
    terminal.print(JSON.stringify(entry))
    return
  }
  const { at, status, error, operation, clientId, durationMs, reason, requestId } = entry
  const result = error === null ? String(status) : `${status} ${error}`
  const what = `${timeText(at)}  ${terminal.strong(result)}  ${operation}  ${clientId ?? '-'}  ${Math.round(durationMs)} ms  ${requestId}`
  terminal.print(error === null || reason === null ? what : `${what}\n    ${reason}`)
}

function wholeNumber(text: string): number {
  if (!/^\d{1,3}$/.test(text) || Number(text) > 100) throw usageError('--limit takes a number up to 100.')
  return Number(text)
}
