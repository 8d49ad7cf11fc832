// `latchkey scopes`: which there are, or which an operation needs.
import type { Command } from 'commander'
import type { AccountApi, Answer } from '../account-api.ts'
import { addAccountCommand, type Context, contextOf, environmentOption } from '../command.ts'
import { tableOf } from '../terminal.ts'

type ScopeAnswer = Answer<'/account/scopes', 'get'>['items'][number]

export function addScopesCommand(program: Command): void {
  addAccountCommand(program, 'scopes', 'list the scopes, or find those that an operation needs')
    .option('--for <operation>', 'method and path, e.g. "GET /signature/documents"')
    .addOption(environmentOption())
    .action((flags: { for?: string; env: string }, command: Command) => listScopes(contextOf(command), flags))
}

async function listScopes(context: Context, flags: { for?: string; env: string }): Promise<void> {
  const { terminal } = context
  const items = await allScopes(await context.account(), flags)
  if (terminal.isJson) return terminal.printJson({ items })
  const rows = items.map(({ name, apiName, description, available, unavailable }) => [
    name,
    apiName,
    available ? 'yes' : (unavailable?.reason ?? 'no'),
    description,
  ])
  terminal.print(tableOf(['SCOPE', 'API', 'AVAILABLE', 'ALLOWS'], rows))
}

async function allScopes(api: AccountApi, flags: { for?: string; env: string }): Promise<ScopeAnswer[]> {
  const items: ScopeAnswer[] = []
  let cursor: string | undefined
  do {
    const query = { environment: flags.env, endpoint: flags.for, limit: 100, cursor }
    const { body } = await api.call('get', '/account/scopes', { query })
    items.push(...body.items)
    cursor = body.nextCursor ?? undefined
  } while (cursor)
  return items
}
