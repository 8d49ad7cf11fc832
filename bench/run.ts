// `npm run bench -- WHAT`: measures, prints, keeps the result. See README.md.
import { benchActivity } from './activity/activity.ts'
import { benchClients } from './clients/clients.ts'
import { benchDashboard } from './dashboard/paint.ts'
import { benchGuard } from './guard/guard.ts'
import { BadOptions, type Measurable, type Options, readOptions, usage } from './options.ts'
import { keepResult, type Measured, writeReadme } from './report/keep-result.ts'
import { benchSdk } from './sdk/sdk.ts'
import { benchToken } from './token/token.ts'

const benches: Record<Measurable, (options: Options) => Promise<Measured>> = {
  token: benchToken,
  guard: benchGuard,
  activity: benchActivity,
  clients: benchClients,
  sdk: benchSdk,
  dashboard: benchDashboard,
}

async function run(): Promise<void> {
  const options = readOptions(process.argv.slice(2))
  const { lines, result } = await benches[options.what](options)
  const text = lines.join('\n')
  process.stdout.write(`\n${text}\n\n`)
  process.stdout.write(`Kept in ${keepResult(options.what, options, result)}\n`)
  if (options.readme) writeReadme(options.what, text)
}

run().catch((error: unknown) => {
  if (error instanceof BadOptions) process.stderr.write(`${error.message}\n${usage}\n`)
  else
    process.stderr.write(
      `\nThe measurement failed: ${error instanceof Error ? error.message : String(error)}\n`,
    )
  process.exitCode = error instanceof BadOptions ? 2 : 1
})
