// `doctor`: whether what Latchkey stands on is well. It changes nothing.
import { parseArgs } from 'node:util'
import { ConfigError, readConfig } from '../config.ts'
import { type LookedAt, lookAtDatabase } from '../database/look.ts'
import { StorageError } from '../database/sqlite.ts'
import { checkAddress } from './doctor/check-address.ts'
import { checkClock } from './doctor/check-clock.ts'
import { checkDatabase } from './doctor/check-database.ts'
import { checkKeys } from './doctor/check-keys.ts'
import { checkDisk } from './doctor/check-machine.ts'
import { checkMail } from './doctor/check-mail.ts'
import { type Check, type Finding, failure } from './doctor/finding.ts'
import type { Outcome } from './operator-commands.ts'
import { UsageError } from './usage-error.ts'

const checks: readonly Check[] = [checkDatabase, checkClock, checkKeys, checkAddress, checkDisk, checkMail]

export async function doctorCommand(args: string[]): Promise<Outcome> {
  const { positionals } = parseArgs({ args, options: {}, allowPositionals: true })
  if (positionals.length > 0) throw new UsageError('doctor takes no words.')
  return describe(await examine())
}

async function examine(): Promise<Finding[]> {
  let config: ReturnType<typeof readConfig>
  try {
    config = readConfig()
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    // Nothing else can be looked at without them.
    return error.errors.map((text) =>
      failure('settings', text, 'latchkey config explain NAME says what is allowed.'),
    )
  }
  const findings: Finding[] = []
  let database: LookedAt | undefined
  let looks = checks
  try {
    database = await lookAtDatabase({ ...config, onError: () => undefined })
  } catch (error) {
    findings.push(unreachable(error))
    looks = checks.filter((check) => check !== checkDatabase)
  }
  const isMigrated = database !== undefined && database.schema.missing.length === 0
  try {
    for (const check of looks) findings.push(...(await check({ config, database, isMigrated })))
  } finally {
    await database?.close()
  }
  return findings
}

function unreachable(error: unknown): Finding {
  if (error instanceof StorageError)
    return failure('database', error.message, 'No server starts before that is mended.')
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'no answer'
  return failure(
    'database',
    `It cannot be reached (${code}).`,
    'Check LATCHKEY_DATABASE_URL, and that PostgreSQL accepts connections from here.',
  )
}

function describe(findings: readonly Finding[]): Outcome {
  const count = (state: Finding['state']) => findings.filter((finding) => finding.state === state).length
  const width = Math.max(...findings.map(({ check }) => check.length))
  const lines = findings.map(({ check, state, text, fix }) => {
    const line = `${state.padEnd(7)}  ${check.padEnd(width)}  ${text}`
    return fix === undefined ? line : `${line}\n${' '.repeat(width + 11)}→ ${fix}`
  })
  const [warnings, failures] = [count('warning'), count('failure')]
  const sum = `${count('ok')} ok, ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}, ${failures} ${failures === 1 ? 'failure' : 'failures'}`
  return {
    text: `${lines.join('\n')}\n\n${sum}\n`,
    json: { well: failures === 0, findings },
    exitCode: failures === 0 ? 0 : 1,
  }
}
