// `audit verify` and `audit export`: beside the running servers, a page at a time.
import { once } from 'node:events'
import { createReadStream, createWriteStream, rmSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { parseArgs } from 'node:util'
import { readChainLine } from '../activity/audit-file-line.ts'
import { chainLine } from '../activity/audit-line.ts'
import { findAuditEnd, readChain } from '../activity/audit-store.ts'
import { type AuditVerification, verifyAudit, verifyAuditRows } from '../activity/audit-verification.ts'
import type { AuditRow } from '../audit.ts'
import type { Database } from '../database/tables.ts'
import type { Outcome } from './operator-commands.ts'
import { createProgress } from './progress.ts'
import { UsageError } from './usage-error.ts'
import { withDatabase } from './with-database.ts'

const options = { head: { type: 'string' }, file: { type: 'string' } } as const

export async function auditCommand(args: string[]): Promise<Outcome> {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
  const [action, file, ...more] = positionals
  const { head } = values
  if (head !== undefined && !/^[0-9a-f]{64}$/.test(head))
    throw new UsageError('--head takes a head hash that audit verify printed: 64 characters, 0-9 and a-f.')
  if (action === 'verify' && file === undefined) {
    return describe(
      values.file === undefined
        ? await withDatabase(({ db }) => verifyAudit(db, head, createProgress('entries')))
        : await verifyAuditRows(rowsOf(values.file), head),
    )
  }
  if (action === 'export' && file !== undefined && more.length === 0 && args.length === 2)
    return withDatabase(({ db }) => exportTo(file, db))
  throw new UsageError('audit needs verify (with --head HASH or --file FILE if you like), or export FILE.')
}

function describe({ entries, headHash, fault }: AuditVerification): Outcome {
  const facts = `entries  ${entries}\nhead     ${headHash === '' ? '-' : headHash}\n`
  const json = { holds: !fault, entries, headHash: headHash || null, fault: fault ?? null }
  if (!fault) return { text: `The audit trail holds.\n${facts}`, json }
  const place = fault.seq === null ? '' : ` at entry ${fault.seq}`
  return {
    text: `The audit trail is broken${place}. ${fault.text}\nWhat holds before that:\n${facts}`,
    json,
    exitCode: 1,
  }
}

async function exportTo(file: string, db: Database): Promise<Outcome> {
  const end = await findAuditEnd(db)
  const say = createProgress('entries')
  let lines = 0
  async function* chunks() {
    for await (const rows of readChain(db, end?.seq ?? 0)) {
      lines += rows.length
      say(lines, end?.seq)
      yield rows.map(chainLine).join('')
    }
  }
  // It holds addresses. An older export is never written over: it may be the one that a change would show in.
  const stream = createWriteStream(file, { flags: 'wx', mode: 0o600, flush: true })
  try {
    await once(stream, 'open')
  } catch (error) {
    throw new UsageError(`${JSON.stringify(file)} cannot be made (${reasonOf(error)}). Name a new file.`)
  }
  try {
    await pipeline(Readable.from(chunks(), { objectMode: false }), stream)
  } catch (error) {
    // Half a trail must not pass for a whole one.
    rmSync(file, { force: true })
    throw error
  }
  const json = { file, entries: lines, headHash: end?.hash || null }
  return { text: `entries  ${lines}\nhead     ${end?.hash || '-'}\n`, json }
}

/** The rows of an exported file. @throws {UsageError} when it is none. */
async function* rowsOf(file: string): AsyncGenerator<AuditRow> {
  const stream = createReadStream(file)
  try {
    await once(stream, 'open')
  } catch (error) {
    throw new UsageError(`${JSON.stringify(file)} cannot be read (${reasonOf(error)}).`)
  }
  const say = createProgress('entries')
  let number = 0
  for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1
    say(number)
    const row = readChainLine(line)
    if (!row) throw new UsageError(`Line ${number} of ${JSON.stringify(file)} is not an entry of an export.`)
    yield row
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unreadable'
}
