// `latchkey curl`: curl with the access token, which no other process sees: it is in no argument and in no named file.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, fstatSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Command } from 'commander'
import { addServerOptions, type Context, collectScopes, contextOf } from '../command.ts'
import { findForeignFlag } from '../curl-flags.ts'
import { CliError, exitCodeOf, exitCodes, usageError } from '../exit.ts'
import { maskSecrets } from '../mask-secrets.ts'
import { readRefusal } from '../refused-call.ts'
import { openTokens } from '../tokens.ts'

/** What is kept of an answer to look for its reason. */
const keptBytes = 64 * 1024

export function addCurlCommand(program: Command): void {
  addServerOptions(program.command('curl'))
    .description('call an API with curl; the token is added, and a refusal is explained')
    .option('--scope <scopes>', 'a scope to ask for; repeat it, or separate by spaces', collectScopes)
    .argument('<path>', 'a path at Latchkey, e.g. /signature/documents')
    .argument('[flags...]', 'flags of curl')
    .passThroughOptions()
    .allowUnknownOption()
    .action((path: string, args: string[], flags: { scope?: string[] }, command: Command) =>
      call(contextOf(command), path, args, flags.scope),
    )
}

async function call(
  context: Context,
  path: string,
  args: readonly string[],
  scopes: string[] | undefined,
): Promise<void> {
  if (process.platform === 'win32')
    throw usageError('This works on Linux and macOS. Here call curl itself with latchkey token --header.')
  const settings = context.settings()
  const address = addressOf(path, settings.url)
  const foreign = findForeignFlag(args)
  if (foreign !== undefined)
    throw usageError(
      `${maskSecrets(foreign) || 'An empty word'} cannot be used here: the token is for ${settings.url} alone, and this could send it elsewhere or show it. Use curl itself with latchkey token --header.`,
    )
  const authorization = await openTokens(settings, scopes).authorize({ url: address })
  const { status, headers, body, code } = await runCurl(address, authorization.headers, args)
  if (status !== 401 && status !== 403) {
    process.exitCode = code === 0 ? exitCodes.ok : status === undefined ? exitCodes.server : exitCodes.failed
    return
  }
  const refusal = readRefusal(headers, body)
  // A token that was revoked is kept no longer. The call itself is not repeated: what was printed stays printed.
  const renewed = await authorization.next({ status, header: refusal.header }, true)
  const { requestId, fixUrl } = refusal.facts
  const details = [
    ...(renewed ? ['The token that was kept is refused; a new one is kept now. Run the command again.'] : []),
    // The link stands in the body, which went to a file.
    ...(requestId && !fixUrl ? [`latchkey explain ${requestId} says where it is mended.`] : []),
  ]
  // The body was printed: what is said here goes to standard error.
  throw new CliError(exitCodeOf(status), refusal.text, { ...refusal.facts, details })
}

/** @throws {CliError} for any other origin: the token is not for it. */
function addressOf(path: string, url: string): string {
  const address = URL.canParse(path, url) ? new URL(path, url) : undefined
  if (!address || !/^(?:\/|https?:)/.test(path))
    throw usageError('The path begins with a slash, like /signature/documents.')
  if (address.origin !== url)
    throw usageError(`The token is for ${url} alone, so nothing is sent to ${address.origin}.`)
  return address.href
}

interface Called {
  /** Undefined: there was no answer. */
  status: number | undefined
  headers: string
  body: string
  /** How curl itself ended. */
  code: number | null
}

async function runCurl(
  address: string,
  sent: Readonly<Record<string, string>>,
  args: readonly string[],
): Promise<Called> {
  const config = openUnnamed(configOf(address, sent))
  const dump = openUnnamed('')
  try {
    const own = ['--no-progress-meter', '--config', '/dev/fd/3', '--dump-header', '/dev/fd/4']
    const child = spawn('curl', [...own, ...args], { stdio: ['inherit', 'pipe', 'inherit', config, dump] })
    let body = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      if (body.length < keptBytes) body += chunk.toString('utf8')
      process.stdout.write(chunk)
    })
    const [code]: unknown[] = await once(child, 'close').catch((error: unknown) => {
      const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
      throw isMissing
        ? new CliError(exitCodes.failed, 'There is no curl on this machine. Install it first.')
        : error
    })
    const headers = readAll(dump)
    // After a redirect the last block counts.
    const statuses = [...headers.matchAll(/^HTTP\/\S+ (\d{3})/gm)]
    const status = statuses.at(-1)?.[1]
    return {
      status: status === undefined ? undefined : Number(status),
      headers,
      body,
      code: typeof code === 'number' ? code : null,
    }
  } finally {
    closeSync(config)
    closeSync(dump)
  }
}

/** What curl is told by a file of settings: the address, and what no argument may hold. */
function configOf(address: string, sent: Readonly<Record<string, string>>): string {
  const quote = (text: string) => `"${text.replace(/[\\"]/g, '\\$&')}"`
  const lines = Object.entries(sent).map(([name, value]) => `header = ${quote(`${name}: ${value}`)}`)
  // Over plain http, which is for this machine alone, a proxy of the environment would read the token.
  if (address.startsWith('http:')) lines.push('noproxy = "*"')
  return `${[...lines, `url = ${quote(address)}`].join('\n')}\n`
}

/** A file that has lost its name before anybody else could open it: the child alone inherits it. */
function openUnnamed(text: string): number {
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-'))
  try {
    const handle = openSync(join(folder, 'file'), 'wx+', 0o600)
    // By position: where a duplicate of the handle begins to read is not moved.
    if (text !== '') writeSync(handle, Buffer.from(text), 0, Buffer.byteLength(text), 0)
    return handle
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function readAll(handle: number): string {
  const buffer = Buffer.alloc(Math.min(fstatSync(handle).size, keptBytes))
  return buffer.toString('utf8', 0, readSync(handle, buffer, 0, buffer.length, 0))
}
