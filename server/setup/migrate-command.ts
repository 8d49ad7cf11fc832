// `migrate`: the schema of this release, before the servers of this release start.
import { parseArgs } from 'node:util'
import { readConfig } from '../config.ts'
import { lookAtDatabase, type SchemaState } from '../database/look.ts'
import type { Outcome } from './operator-commands.ts'
import { UsageError } from './usage-error.ts'
import { withDatabase } from './with-database.ts'

const options = { check: { type: 'boolean', default: false } } as const
const nothing: SchemaState = { applied: [], missing: [], unknown: [] }

export async function migrateCommand(args: string[]): Promise<Outcome> {
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
  if (positionals.length > 0) throw new UsageError('migrate takes no words, but --check.')
  const before = await readState()
  if (values.check) return describeCheck(before)
  await withDatabase(async () => undefined)
  const after = (await readState()) ?? nothing
  const taken = after.applied.filter((name) => !before?.applied.includes(name))
  const steps = taken.map((name) => `${name}\n`).join('')
  const text =
    taken.length === 0 ? 'The schema is that of this release; nothing was done.\n' : `${steps}Done.\n`
  return { text, json: { taken, applied: after.applied } }
}

async function readState(): Promise<SchemaState | undefined> {
  const onError = (error: Error) => process.stderr.write(`database: ${error.message}\n`)
  const found = await lookAtDatabase({ ...readConfig(), onError })
  await found?.close()
  return found?.schema
}

function describeCheck(state: SchemaState | undefined): Outcome {
  if (!state)
    return { text: 'There is no database yet. The first start makes it.\n', json: null, exitCode: 1 }
  const { missing, unknown } = state
  const newer = unknown.length === 0 ? '' : `It has steps of a newer release: ${unknown.join(', ')}.\n`
  const text =
    missing.length === 0
      ? 'No step is missing.\n'
      : `Missing: ${missing.join(', ')}. latchkey migrate takes them.\n`
  return { text: text + newer, json: state, exitCode: missing.length === 0 ? 0 : 1 }
}
