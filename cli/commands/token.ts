// `latchkey token`: an access token by client credentials, for other programs.
import type { Command } from 'commander'
import { addCommand, addServerOptions, type Context, collectScopes, contextOf } from '../command.ts'
import { usageError } from '../exit.ts'
import { clearTokens, openTokens, readToken } from '../tokens.ts'

interface TokenFlags {
  scope?: string[]
  raw?: boolean
  header?: boolean
  clear?: boolean
}

export function addTokenCommand(program: Command): void {
  addServerOptions(addCommand(program, 'token', 'print an access token; it is kept and reused between runs'))
    .option('--scope <scopes>', 'a scope to ask for; repeat it, or separate by spaces', collectScopes)
    .option('--raw', 'the token alone, which is what you get without any of these')
    .option('--header', 'the whole header: Authorization: Bearer …')
    .option('--clear', 'forget the tokens that are kept')
    .action((flags: TokenFlags, command: Command) => printToken(contextOf(command), flags))
}

async function printToken({ terminal, settings }: Context, flags: TokenFlags): Promise<void> {
  if (flags.clear) {
    await clearTokens()
    if (terminal.isJson) return terminal.printJson({ cleared: true })
    return terminal.note('The kept tokens are forgotten.')
  }
  if ([flags.raw, flags.header, terminal.isJson].filter(Boolean).length > 1)
    throw usageError('Choose one of --raw, --header and --json.')
  const token = await openTokens(settings(), flags.scope).token()
  if (flags.header) return terminal.print(`Authorization: Bearer ${token}`)
  if (!terminal.isJson) return terminal.print(token)
  const facts = readToken(token)
  const left = facts?.expiresAt === undefined ? undefined : facts.expiresAt - Math.floor(Date.now() / 1000)
  // The names of RFC 6749 §5.1: what programs know from the endpoint itself.
  terminal.printJson({
    access_token: token,
    token_type: 'Bearer',
    ...(left !== undefined && { expires_in: left }),
    scope: facts?.scopes.join(' '),
  })
}
