// `latchkey explain`: what became of a request, or what a token is. Nothing secret is taken from the command line.
import type { Command } from 'commander'
import type { Answer } from '../account-api.ts'
import { addAccountCommand, type Context, contextOf } from '../command.ts'
import { CliError, exitCodes, usageError } from '../exit.ts'
import { readIfThere } from '../private-file.ts'
import { factsOf, readStdin, timeText } from '../terminal.ts'
import { judgeText, type Verdict } from '../verdict.ts'

type Entry = Answer<'/account/{environment}/activity/{requestId}', 'get'>

const requestIdPattern = /^(?:req_)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export function addExplainCommand(program: Command): void {
  addAccountCommand(program, 'explain', 'say why a request was refused, or what is wrong with a token')
    .argument('[request-id]', 'the Request-Id of an answer; - reads it, or a token, from standard input')
    .option('--file <file>', 'read the token from a file')
    .action((what: string | undefined, flags: { file?: string; tokenStdin?: boolean }, command: Command) =>
      explain(contextOf(command), what, flags),
    )
}

async function explain(
  context: Context,
  what: string | undefined,
  flags: { file?: string; tokenStdin?: boolean },
): Promise<void> {
  if (flags.file !== undefined) return judge(context, readGiven(flags.file))
  if (what === undefined || what === '-') {
    if (flags.tokenStdin)
      throw usageError('Standard input can hold one thing: the token to call with, or what to explain.')
    const text = await readStdin('a request id or a token')
    return requestIdPattern.test(text) ? explainRequest(context, text) : judge(context, text)
  }
  if (requestIdPattern.test(what)) return explainRequest(context, what)
  if (what.length > 40 || what.startsWith('lk_') || what.startsWith('eyJ'))
    throw usageError(
      'Tokens and secrets do not belong on a command line: other processes and the history of the shell see them. Send it on standard input: latchkey explain - (then paste, Enter, Ctrl-D), or name a file with --file. If it is a secret, rotate it.',
    )
  return judge(context, what)
}

function readGiven(file: string): string {
  const text = readIfThere(file)?.trim()
  if (!text) throw usageError(`${file} does not exist, or is empty.`)
  return text
}

/** Without the server: what the text itself tells. */
function judge({ terminal, settings }: Context, text: string): void {
  const verdict: Verdict = judgeText(
    text.replace(/^(?:authorization: *)?bearer +/i, ''),
    settings().url,
    Date.now(),
  )
  if (terminal.isJson) terminal.printJson(verdict)
  else {
    terminal.print(terminal.strong(verdict.verdict))
    if (verdict.facts.length > 0) terminal.print(factsOf(verdict.facts))
    for (const step of verdict.steps) terminal.print(`- ${step}`)
  }
  if (!verdict.good) process.exitCode = exitCodes.failed
}

async function explainRequest(context: Context, requestId: string): Promise<void> {
  const { terminal } = context
  const entry = await findEntry(context, requestId.startsWith('req_') ? requestId : `req_${requestId}`)
  if (terminal.isJson) return terminal.printJson(entry)
  terminal.print(terminal.strong(entry.whatHappened))
  if (entry.why !== null) terminal.print(entry.why)
  if (entry.fix) {
    for (const step of entry.fix.steps) terminal.print(`- ${step}`)
    if (entry.fix.editUrl !== null) terminal.print(`Mend it: ${entry.fix.editUrl}`)
    terminal.print(`Read more: ${entry.fix.docsUrl}`)
  }
  terminal.print(
    factsOf([
      ['At', timeText(entry.at)],
      ['Client', entry.clientId ?? '-'],
      ['Scopes', entry.scopes.join(' ') || '-'],
      ['From', entry.address ?? '-'],
      ['Again', entry.curl],
    ]),
  )
}

/** A request id does not say its environment: whoever sees both asks for both. */
async function findEntry(context: Context, requestId: string): Promise<Entry> {
  const api = await context.account()
  for (const environment of ['test', 'production']) {
    const path = { environment, requestId }
    const found = await api
      .call('get', '/account/{environment}/activity/{requestId}', { path })
      .catch((error: unknown) => {
        const isElsewhere =
          error instanceof CliError && ['not_found', 'wrong_environment'].includes(error.facts.code ?? '')
        if (isElsewhere) return undefined
        throw error
      })
    if (found) return found.body
  }
  throw new CliError(
    exitCodes.failed,
    `No request ${requestId} is known in this account. It may be of another account, older than what is kept, or younger than a second.`,
  )
}
