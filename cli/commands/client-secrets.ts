// Secrets of a client: shown once, or written once into a file that is never written over.
import { randomUUID } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { addAccountCommand, type Context, contextOf } from '../command.ts'
import { usageError } from '../exit.ts'
import { reserveFile } from '../private-file.ts'
import { factsOf, timeText } from '../terminal.ts'
import { pathOf } from './clients.ts'

interface RotateFlags {
  name?: string
  expiresInDays?: number
  endOthersIn?: number
  dotenv?: string
}

const clientPath = '/account/{environment}/api-clients/{clientId}'

export function addSecretCommands(clients: Command): void {
  addAccountCommand(clients, 'rotate', 'add a secret, and let the others end')
    .argument('<client-id>')
    .option('--name <name>', 'what the secret is called; by default the day')
    .option('--expires-in-days <days>', 'when the new secret ends; without it it does not end', wholeDays)
    .option(
      '--end-others-in <time>',
      'when the others end, e.g. 1h, 7d or 0s; without it they stay',
      duration,
    )
    .option('--dotenv <file>', 'write address, id and secret into a new file that only you can read')
    .action((id: string, flags: RotateFlags, command: Command) => rotate(contextOf(command), id, flags))
}

async function rotate(context: Context, id: string, flags: RotateFlags): Promise<void> {
  const { terminal } = context
  const { expiresInDays, endOthersIn } = flags
  const path = pathOf(id)
  const save = openSecretFile(flags.dotenv)
  try {
    const api = await context.account()
    const { body: client } = await api.call('get', clientPath, { path })
    const { body } = await api.call('post', `${clientPath}/secrets`, {
      path,
      idempotencyKey: randomUUID(),
      body: {
        name: flags.name ?? new Date().toISOString().slice(0, 10),
        ...(expiresInDays === undefined ? { expiresAt: null } : { expiresInDays }),
        ...(endOthersIn !== undefined && { endOthersInSeconds: endOthersIn }),
      },
    })
    const { url } = context.settings()
    const saved = save.write({ url, clientId: id, secret: body.secret, scopes: client.scopes })
    const { secret: _secret, ...withoutSecret } = body
    if (terminal.isJson)
      return terminal.printJson(saved ? { ...withoutSecret, secretFile: flags.dotenv } : body)
    terminal.print(factsOf([['Client id', terminal.strong(id)], ...(saved ?? [['Secret', body.secret]])]))
    for (const other of body.ending)
      terminal.note(`The secret ${other.name} ends at ${timeText(other.expiresAt)}.`)
    if (body.ending.length === 0)
      terminal.note(
        'The other secrets go on. Let them end with --end-others-in, or revoke them in the dashboard.',
      )
  } catch (error) {
    save.cancel()
    throw error
  }
}

interface SecretFacts {
  url: string
  clientId: string
  secret: string
  scopes: readonly string[]
}

/** Where a new secret goes beside the screen. */
export interface SecretFile {
  /** @returns what to show in place of the secret; undefined: there is no file, show it. */
  write: (facts: SecretFacts) => [string, string][] | undefined
  /** Nothing was made: the file goes away again. */
  cancel: () => void
}

/** Made before the secret is: one that could not be kept must not be made. @throws {CliError} when a file is there. */
export function openSecretFile(file: string | undefined): SecretFile {
  if (file === undefined) return { write: () => undefined, cancel: () => undefined }
  reserveFile(file)
  let isWritten = false
  return {
    write({ url, clientId, secret, scopes }) {
      const lines = [
        `LATCHKEY_URL=${url}`,
        `LATCHKEY_CLIENT_ID=${clientId}`,
        `LATCHKEY_CLIENT_SECRET=${secret}`,
        ...(scopes.length > 0 ? [`LATCHKEY_SCOPES="${scopes.join(' ')}"`] : []),
      ]
      writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600 })
      isWritten = true
      return [['Secret', `in ${file}, readable by you only`]]
    },
    cancel() {
      if (!isWritten) rmSync(file, { force: true })
    },
  }
}

/** Reads a number of days. @throws {CliError} */
export function wholeDays(text: string): number {
  if (!/^\d{1,4}$/.test(text) || Number(text) === 0) throw usageError('--expires-in-days takes whole days.')
  return Number(text)
}

const seconds: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 }

function duration(text: string): number {
  const [, number, unit = ''] = /^(\d{1,6})([smhd])$/.exec(text) ?? []
  if (number === undefined) throw usageError('--end-others-in takes a number with s, m, h or d, e.g. 24h.')
  return Number(number) * (seconds[unit] ?? 1)
}
