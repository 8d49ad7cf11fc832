// `signer`: the process that LATCHKEY_SIGNER names. It runs as a user of its own, or beside the server.
import { parseArgs } from 'node:util'
import { serveKeys } from '../signing/signing-process.ts'
import { UsageError } from './usage-error.ts'

const options = { socket: { type: 'string' }, keys: { type: 'string' } } as const

export async function signerCommand(args: string[]): Promise<string> {
  const { socket, keys } = parseArgs({ args, options }).values
  if (!socket || !keys) throw new UsageError('signer needs --socket PATH and --keys FOLDER.')
  const server = await serveKeys(socket, keys)
  // Open signatures are milliseconds; whoever waits for one gets a 503 and asks again.
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => process.exit(0))
  process.on('exit', () => server.close())
  return `The signing process answers at ${socket}\n`
}
