// `latchkey clients …`: what the dashboard does under Account, API Clients.
import { randomUUID } from 'node:crypto'
import type { Command } from 'commander'
import type { AccountApi, Answer } from '../account-api.ts'
import { addAccountCommand, type Context, collectScopes, contextOf, environmentOption } from '../command.ts'
import { usageError } from '../exit.ts'
import { factsOf, tableOf, timeText } from '../terminal.ts'
import { addSecretCommands, openSecretFile, wholeDays } from './client-secrets.ts'

const clientsPath = '/account/{environment}/api-clients'
const clientPath = '/account/{environment}/api-clients/{clientId}'

type ClientAnswer = Answer<typeof clientPath, 'get'>

interface EnvironmentFlag {
  env: string
}

interface CreateFlags extends EnvironmentFlag {
  scope?: string[]
  description?: string
  expiresInDays?: number
  dotenv?: string
}

interface EditFlags {
  name?: string
  description?: string
  scope?: string[]
  addScope?: string[]
  removeScope?: string[]
  tokenLifetime?: number
}

export function addClientCommands(program: Command): void {
  const clients = program.command('clients').description('create, look at and change API clients')

  addAccountCommand(clients, 'create', 'make a client with its first secret, which is shown once')
    .argument('<name>', 'what it is called in the dashboard')
    .option('--scope <scopes>', 'a scope that it may have; repeat it, or separate by spaces', collectScopes)
    .addOption(environmentOption())
    .option('--description <text>', 'what it is for')
    .option('--expires-in-days <days>', 'when its secret ends; without it the secret does not end', wholeDays)
    .option('--dotenv <file>', 'write address, id and secret into a new file that only you can read')
    .action((name: string, flags: CreateFlags, command: Command) => create(contextOf(command), name, flags))

  addAccountCommand(clients, 'list', 'list the clients, newest first')
    .addOption(environmentOption())
    .option('--search <text>', 'only those with this in name or id')
    .action((flags: EnvironmentFlag & { search?: string }, command: Command) =>
      list(contextOf(command), flags),
    )

  addAccountCommand(clients, 'show', 'show a client')
    .argument('<client-id>')
    .action(async (id: string, _flags: object, command: Command) => {
      const context = contextOf(command)
      const { body } = await (await context.account()).call('get', clientPath, { path: pathOf(id) })
      show(context, body)
    })

  addAccountCommand(clients, 'edit', 'change name, description, scopes or the lifetime of tokens')
    .argument('<client-id>')
    .option('--name <name>', 'the new name')
    .option('--description <text>', 'the new description')
    .option('--scope <scopes>', 'exactly these scopes from now on', collectScopes)
    .option('--add-scope <scopes>', 'these scopes, too', collectScopes)
    .option('--remove-scope <scopes>', 'without these scopes', collectScopes)
    .option('--token-lifetime <seconds>', 'how long new tokens live', wholeSeconds)
    .action((id: string, flags: EditFlags, command: Command) => edit(contextOf(command), id, flags))

  addSecretCommands(clients)

  addAccountCommand(clients, 'disable', 'let a client have no more tokens; those that it has end at once')
    .argument('<client-id>')
    .option('--yes', 'do not ask first')
    .action(async (id: string, flags: { yes?: boolean }, command: Command) => {
      const context = contextOf(command)
      const question = `${id} will be refused from now on, with the tokens that it has.`
      if (!flags.yes) await context.terminal.confirm(question, '--yes')
      await switchClient(context, id, 'disable')
    })

  addAccountCommand(clients, 'enable', 'let a disabled client have tokens again')
    .argument('<client-id>')
    .action((id: string, _flags: object, command: Command) => switchClient(contextOf(command), id, 'enable'))

  addAccountCommand(clients, 'delete', 'delete a client; for a while it can be restored')
    .argument('<client-id>')
    .option('--yes', 'do not ask first')
    .action(async (id: string, flags: { yes?: boolean }, command: Command) => {
      const context = contextOf(command)
      const question = `${id} will be deleted, and refused from now on.`
      if (!flags.yes) await context.terminal.confirm(question, '--yes')
      const api = await context.account()
      const ifMatch = await etagOf(api, id)
      const { body } = await api.call('delete', clientPath, { path: pathOf(id), ...ifMatch })
      if (context.terminal.isJson) return context.terminal.printJson(body)
      const until = `latchkey clients restore ${id} brings it back until ${timeText(body.undoUntil)}.`
      context.terminal.print(`${id} is deleted. ${until}`)
    })

  addAccountCommand(clients, 'restore', 'take the deletion of a client back')
    .argument('<client-id>')
    .action((id: string, _flags: object, command: Command) => switchClient(contextOf(command), id, 'restore'))
}

/** Test and production have ids of their own: the id says where its client is. */
export function pathOf(clientId: string): Record<string, string> {
  if (clientId.startsWith('lk_'))
    throw usageError('That is a client secret, not a client id. Rotate it if others can see this terminal.')
  return { environment: clientId.startsWith('prod-') ? 'production' : 'test', clientId }
}

async function create(context: Context, name: string, flags: CreateFlags): Promise<void> {
  const { terminal } = context
  const save = openSecretFile(flags.dotenv)
  try {
    const { expiresInDays, description, scope = [] } = flags
    const { body } = await (await context.account()).call('post', clientsPath, {
      path: { environment: flags.env },
      idempotencyKey: randomUUID(),
      body: {
        name,
        scopes: scope,
        secret: { name: 'first', ...(expiresInDays === undefined ? { expiresAt: null } : { expiresInDays }) },
        ...(description !== undefined && { description }),
      },
    })
    const { client, secret } = body
    if (!secret) throw usageError('The server made no secret. Make one: latchkey clients rotate.')
    const saved = save.write({
      url: context.settings().url,
      clientId: client.id,
      secret: secret.secret,
      scopes: scope,
    })
    if (terminal.isJson) return terminal.printJson(saved ? { client, secretFile: flags.dotenv } : body)
    terminal.print(
      factsOf([['Client id', terminal.strong(client.id)], ...(saved ?? [['Secret', secret.secret]])]),
    )
    terminal.note(
      saved ? 'The secret is in that file and nowhere else.' : 'The secret is shown this once. Keep it now.',
    )
    for (const warning of client.warnings) terminal.note(warning.message)
  } catch (error) {
    save.cancel()
    throw error
  }
}

async function list(context: Context, flags: EnvironmentFlag & { search?: string }): Promise<void> {
  const { terminal } = context
  const api = await context.account()
  const items: Answer<typeof clientsPath, 'get'>['items'] = []
  let cursor: string | undefined
  do {
    const query = { limit: 100, cursor, search: flags.search }
    const { body } = await api.call('get', clientsPath, { path: { environment: flags.env }, query })
    items.push(...body.items)
    cursor = body.nextCursor ?? undefined
    if (cursor) terminal.note(`${items.length} clients so far`)
  } while (cursor)
  if (terminal.isJson) return terminal.printJson({ items })
  if (items.length === 0) return terminal.print(`No API clients in ${flags.env}.`)
  const rows = items.map(({ id, name, state, scopes, secrets, lastUsedAt }) => [
    id,
    name,
    state,
    String(secrets.alive),
    timeText(lastUsedAt),
    scopes.join(' ') || '-',
  ])
  terminal.print(tableOf(['CLIENT ID', 'NAME', 'STATE', 'SECRETS', 'LAST USED', 'SCOPES'], rows))
}

function show({ terminal }: Context, client: ClientAnswer): void {
  if (terminal.isJson) {
    terminal.printJson(client)
    return
  }
  terminal.print(
    factsOf([
      ['Client id', terminal.strong(client.id)],
      ['Name', client.name],
      ['Description', client.description || '-'],
      ['State', client.state],
      ['Scopes', client.scopes.join(' ') || '-'],
      ['Authentication', client.authenticationMethods.join(' ')],
      ['Secrets', String(client.secrets.alive)],
      ['Token lifetime', `${client.tokenLifetimeSeconds} s`],
      ['Created', timeText(client.createdAt)],
      ['Last used', timeText(client.lastUsedAt)],
      ['Edit', client.editUrl],
    ]),
  )
  for (const warning of client.warnings) terminal.note(warning.message)
}

async function edit(context: Context, id: string, flags: EditFlags): Promise<void> {
  const { scope, addScope = [], removeScope = [], tokenLifetime, name, description } = flags
  const changesScopes = addScope.length > 0 || removeScope.length > 0
  if (scope && changesScopes) throw usageError('Say --scope, or --add-scope and --remove-scope.')
  const api = await context.account()
  const known = await api.call('get', clientPath, { path: pathOf(id) })
  const changed = [...new Set([...known.body.scopes, ...addScope])].filter(
    (one) => !removeScope.includes(one),
  )
  const body = {
    ...(name !== undefined && { name }),
    ...(description !== undefined && { description }),
    ...(scope && { scopes: scope }),
    ...(changesScopes && { scopes: changed }),
    ...(tokenLifetime !== undefined && { tokenLifetimeSeconds: tokenLifetime }),
  }
  if (Object.keys(body).length === 0)
    throw usageError(
      'Say what to change: --name, --description, --scope, --add-scope, --remove-scope or --token-lifetime.',
    )
  const ifMatch = known.etag === undefined ? {} : { ifMatch: known.etag }
  const answer = await api.call('patch', clientPath, { path: pathOf(id), body, ...ifMatch })
  show(context, answer.body)
  if ('scopes' in body)
    context.terminal.note('Tokens issued before keep their scopes; new tokens get the new ones.')
}

async function switchClient(
  context: Context,
  id: string,
  action: 'disable' | 'enable' | 'restore',
): Promise<void> {
  const api = await context.account()
  const { body } = await api.call('post', `${clientPath}/${action}`, {
    path: pathOf(id),
    ...(await etagOf(api, id)),
  })
  show(context, body)
}

/** The state that is changed is the one that was seen just now. */
async function etagOf(api: AccountApi, id: string): Promise<{ ifMatch?: string }> {
  const { etag } = await api.call('get', clientPath, { path: pathOf(id) })
  return etag === undefined ? {} : { ifMatch: etag }
}

function wholeSeconds(text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw usageError('--token-lifetime takes whole seconds.')
  return Number(text)
}
