// The tree of all commands.
import { Command } from 'commander'
import { addOutputOptions } from './command.ts'
import { addClientCommands } from './commands/clients.ts'
import { addCompletionCommand } from './commands/completion.ts'
import { addConformanceCommands } from './commands/conformance.ts'
import { addCurlCommand } from './commands/curl.ts'
import { addExplainCommand } from './commands/explain.ts'
import { addLoginCommands } from './commands/login.ts'
import { addLogsCommand } from './commands/logs.ts'
import { addOperatorCommands } from './commands/operator.ts'
import { addScopesCommand } from './commands/scopes.ts'
import { addTokenCommand } from './commands/token.ts'
import { addTryCommand } from './commands/try.ts'
import { maskSecrets } from './mask-secrets.ts'
import { version } from './version.ts'

const exitText = `
Exit codes:
  0  done
  1  it failed in another way
  2  the command or the settings make no sense
  3  not authenticated (401): sign in, or mend the credentials
  4  not allowed (403): a scope or a role is missing
  5  too many requests (429)
  6  the server is away or failing
Operator commands: 1 a fault or a finding, 2 settings to be mended, 3 the data cannot be opened.

Settings come from flags, from LATCHKEY_URL, LATCHKEY_CLIENT_ID, LATCHKEY_CLIENT_SECRET or
LATCHKEY_CLIENT_SECRET_FILE, LATCHKEY_SCOPES, and from the profile that LATCHKEY_PROFILE names.
Secrets and tokens are never taken from the command line.`

/** @param words what the program is called with, without its own name. */
export function createProgram(words: readonly string[]): Command {
  const program = new Command('latchkey')
    .description('Access tokens, API clients and the server of Latchkey')
    .version(version)
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(maskSecrets(text)) })
    .showHelpAfterError('(latchkey --help lists what there is)')
    .helpCommand('help [command]', 'what a command does')
    .addHelpText('after', exitText)
  addOutputOptions(program)
  program.commandsGroup('Use an API:')
  addTryCommand(program)
  addTokenCommand(program)
  addCurlCommand(program)
  program.commandsGroup('Manage your account:')
  addLoginCommands(program)
  addClientCommands(program)
  addScopesCommand(program)
  addLogsCommand(program)
  addExplainCommand(program)
  program.commandsGroup('Run the server:')
  addOperatorCommands(program, words)
  program.commandsGroup('More:')
  addConformanceCommands(program)
  addCompletionCommand(program)
  return program
}
