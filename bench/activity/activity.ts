// How fast recorded activity is written and read: a million entries in each database.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Activity, openActivity } from '../../server/activity/open.ts'
import { openDatabase } from '../../server/database/open.ts'
import { startPostgres } from '../../tools/postgres.ts'
import { describeMachine } from '../measure/machine.ts'
import { spread } from '../measure/spread.ts'
import type { Options } from '../options.ts'
import { number, withSpread } from '../report/figures.ts'
import type { Measured } from '../report/keep-result.ts'
import { table } from '../report/table.ts'
import { fill } from './fill.ts'
import { cameAsExpected, type Question, questions } from './questions.ts'

const entries = 1_000_000

interface DialectRun {
  name: string
  writtenPerSecond: number
  /** Milliseconds of each answer, by the name of the question. */
  answers: Record<string, number[]>
}

export async function benchActivity(options: Options): Promise<Measured> {
  const endMs = Date.UTC(2026, 10, 24, 23, 30)
  const runs: DialectRun[] = []
  const folder = mkdtempSync(join(tmpdir(), 'latchkey-bench-activity-'))
  const postgres = await startPostgres()
  try {
    runs.push(await run('SQLite', folder, undefined, endMs, options))
    if (postgres) runs.push(await run('PostgreSQL', folder, postgres.url, endMs, options))
  } finally {
    postgres?.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  return report(runs, questions(endMs))
}

async function run(
  name: string,
  dataDir: string,
  databaseUrl: string | undefined,
  endMs: number,
  { rounds }: Options,
): Promise<DialectRun> {
  let nowMs = endMs
  const now = () => nowMs
  const clock = {
    now,
    set: (ms: number) => {
      nowMs = ms
    },
  }
  const onError = (error: Error) => process.stderr.write(`${error.message}\n`)
  const database = await openDatabase({ dataDir, databaseUrl, now, onError })
  const keep = { activityDays: 30, addressDays: 30 }
  const activity = openActivity({
    ...{ database, now, node: 'bench', recording: true, keep },
    onDrop: () => undefined,
  })
  try {
    process.stdout.write(`${name}: writing ${number(entries)} entries\n`)
    const writtenPerSecond = await fill(activity, clock, endMs, entries)
    clock.set(endMs)
    return { name, writtenPerSecond, answers: await measure(activity, questions(endMs), 4 * rounds + 1) }
  } finally {
    await activity.recorder.close()
    await database.close()
  }
}

/** Rounds alternate over the questions, so that a slow moment does not hit one alone. */
async function measure(
  { store }: Activity,
  asked: readonly Question[],
  rounds: number,
): Promise<Record<string, number[]>> {
  const answers: Record<string, number[]> = {}
  for (let round = 0; round < rounds; round += 1) {
    for (const question of asked) {
      const started = performance.now()
      const rows = await question.ask(store)
      const tookMs = performance.now() - started
      if (!cameAsExpected(question, rows)) throw new Error(`${question.name}: ${rows} rows came.`)
      answers[question.name] = [...(answers[question.name] ?? []), tookMs]
    }
  }
  return answers
}

function report(runs: readonly DialectRun[], asked: readonly Question[]): Measured {
  const rows = asked.map(({ name, goalMs }) => {
    const spreads = runs.map(({ answers }) => spread(answers[name] ?? []))
    const reached = spreads.every((measured) => measured.median < goalMs)
    const goal = `< ${goalMs} ms: ${reached ? 'reached' : 'MISSED'}`
    return [name, ...spreads.map((measured) => withSpread(measured, 1)), goal]
  })
  const { cpu, cores, kernel, node } = describeMachine()
  const lines = [
    ...table(['asked for', ...runs.map(({ name }) => `${name}, ms`), 'goal'], rows),
    '',
    ...runs.map(
      ({ name, writtenPerSecond }) =>
        `- ${name}: ${number(writtenPerSecond)} entries a second were written, 5,000 and then a flush, one after the other.`,
    ),
    `- ${number(entries)} entries over 30 days, 50 accounts, the largest with 200,000; 1 % refused. A page has 50 entries. Median (min–max), the first look included.`,
    `- ${cpu}, ${cores} cores, ${kernel}, Node ${node}; PostgreSQL on the same machine, without fsync.`,
  ]
  return { lines, result: { runs } }
}
