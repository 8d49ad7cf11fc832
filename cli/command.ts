// What every command has: the flags that mean the same everywhere, and what its action works with.
import { type Command, Option } from 'commander'
import type { AccountApi } from './account-api.ts'
import { openAccountApi } from './account-api.ts'
import { type CallerSettings, readCallerSettings } from './profile.ts'
import { openTerminal, readStdin, type Terminal } from './terminal.ts'

/** What an action works with. */
export interface Context {
  terminal: Terminal
  settings: () => CallerSettings
  /** The account API as whoever calls; a token comes from standard input with --token-stdin. */
  account: () => Promise<AccountApi>
}

/** A command without sub-commands. `--json` and the others may stand before or after its name. */
export function addCommand(parent: Command, usage: string, summary: string): Command {
  return addOutputOptions(parent.command(usage).description(summary))
}

/** The same for a command that calls the account API. */
export function addAccountCommand(parent: Command, usage: string, summary: string): Command {
  return addServerOptions(addCommand(parent, usage, summary)).option(
    '--token-stdin',
    'call with the access token that standard input holds, for scripts',
  )
}

/** Flags that say which Latchkey, and as whom. */
export function addServerOptions(command: Command): Command {
  return command
    .option('--url <url>', 'where Latchkey runs; else LATCHKEY_URL, the profile, or this machine')
    .option(
      '--profile <name>',
      'the settings in NAME.env of your configuration folder; else LATCHKEY_PROFILE',
    )
}

/** Flags that say how to answer. */
export function addOutputOptions(command: Command): Command {
  return command
    .option('--json', 'answer with JSON, errors too')
    .option('--no-color', 'write without styles; so does NO_COLOR')
    .option('--no-input', 'never ask a question')
}

/** The environment of what is managed. */
export function environmentOption(): Option {
  return new Option('--env <environment>', 'test or production')
    .choices(['test', 'production'])
    .default('test')
}

/** Takes apart `--scope "a b" --scope c`. */
export function collectScopes(text: string, before: string[] = []): string[] {
  return [...before, ...text.split(/[\s,]+/).filter((name) => name !== '')]
}

export function contextOf(command: Command): Context {
  const read = (name: string) => readFlag(command, name)
  const terminal = openTerminal({
    json: read('json') === true,
    input: read('input') !== false,
    color: read('color') !== false,
  })
  const text = (name: string) => {
    const value = read(name)
    return typeof value === 'string' ? value : undefined
  }
  const settings = () => readCallerSettings({ url: text('url'), profile: text('profile') })
  return {
    terminal,
    settings,
    async account() {
      const token = read('tokenStdin') === true ? await readStdin('an access token') : undefined
      return openAccountApi(settings(), token)
    },
  }
}

/** A flag of the command, or else of the program before its name. */
function readFlag(command: Command, name: string): unknown {
  for (let at: Command | null = command; at; at = at.parent)
    if (![undefined, 'default'].includes(at.getOptionValueSource(name))) return at.getOptionValue(name)
  return undefined
}
