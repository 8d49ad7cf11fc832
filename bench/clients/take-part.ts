// The part that all drivers of this folder share: lines in, lines out, errors written in every way there is.
import { createInterface } from 'node:readline'
import { inspect } from 'node:util'

export interface Participant {
  /** What the library under test does not have (see docs/guides/check-your-client.md). */
  lacking?: readonly ('api-calls' | 'abort')[]
  /** Makes one call with a token. @returns the status that the caller of the library sees. */
  call: (url: string, signal: AbortSignal | undefined) => Promise<number>
}

/** The settings that the kit hands over. @throws {Error} when the kit did not start this program. */
export function readSettings(): { url: string; clientId: string; clientSecret: string; scopes: string } {
  const read = (name: string) => {
    const value = process.env[name]
    if (value === undefined) throw new Error(`${name} is not set. Run this by npm run bench -- clients.`)
    return value
  }
  return {
    url: read('LATCHKEY_URL'),
    clientId: read('LATCHKEY_CLIENT_ID'),
    clientSecret: read('LATCHKEY_CLIENT_SECRET'),
    scopes: read('LATCHKEY_SCOPES'),
  }
}

/** Answers each line of the kit until there are no more. */
export function takePart({ lacking = [], call }: Participant): void {
  createInterface({ input: process.stdin }).on('line', async (line) => {
    const [id = '', url = '', abortAfterMs] = line.split(' ')
    const signal = abortAfterMs === undefined ? undefined : AbortSignal.timeout(Number(abortAfterMs))
    try {
      say(`${id} ${await call(url, signal)}`)
    } catch (error) {
      writeError(error)
      say(`${id} error`)
    }
  })
  say(lacking.length === 0 ? 'ready' : `ready lacking ${lacking.join(' ')}`)
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** As a logger, an error reporter and a person at a terminal would. */
function writeError(error: unknown): void {
  process.stderr.write(`${inspect(error, { depth: 12, showHidden: true, getters: true })}\n`)
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
  const seen = new Set<unknown>()
  const json = JSON.stringify(error, (_name, value: unknown) => {
    if (typeof value !== 'object' || value === null) return value
    if (seen.has(value)) return '(seen above)'
    seen.add(value)
    return value instanceof Error ? { ...value, message: value.message, cause: value.cause } : value
  })
  process.stderr.write(`${json}\n`)
}
