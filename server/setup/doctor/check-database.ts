import { versionOf } from '../../database/look.ts'
import { type Check, type Finding, ok, warning } from './finding.ts'

/** Slower than this, each request that needs the database is felt. */
const slowMs = 50

export const checkDatabase: Check = async ({ database, config }) => {
  if (!database)
    return [
      warning(
        'database',
        `There is none in ${config.dataDir} yet.`,
        'The first start makes it. Is LATCHKEY_DATA_DIR the folder that you mean?',
      ),
    ]
  const startedAt = performance.now()
  const version = await versionOf(database)
  const ms = Math.round(performance.now() - startedAt)
  const reached =
    ms > slowMs
      ? warning('database', `${version} answers after ${ms} ms.`, 'Run the server near its database.')
      : ok('database', `${version} answers.`)
  return [reached, describeSchema(database.schema)]
}

function describeSchema({
  missing,
  unknown,
  applied,
}: {
  missing: string[]
  unknown: string[]
  applied: string[]
}): Finding {
  if (missing.length > 0)
    return warning(
      'migrations',
      `Missing: ${missing.join(', ')}.`,
      'The next start takes them, or latchkey migrate now.',
    )
  if (unknown.length > 0)
    return warning(
      'migrations',
      `A newer release has been here: ${unknown.join(', ')}.`,
      'Run the same release on all nodes, as soon as all run.',
    )
  return ok('migrations', `All ${applied.length} steps of this release are taken.`)
}
