// `npm run first-five-minutes`: how long the first token and the first guarded call take, by each way there is.
import { parseArgs } from 'node:util'
import { describeMachine } from '../../bench/measure/machine.ts'
import { writeReadme } from '../../bench/report/keep-result.ts'
import { fastPath, keyboardPath, literalPath, repair } from './dashboard.ts'
import { examples, mistakes } from './documentation.ts'
import { localStart } from './local-start.ts'
import { CannotMeasure, type Path } from './measure.ts'
import { describeRows, type Row } from './report.ts'
import { sdk } from './sdk.ts'

const paths: readonly Path[] = [
  localStart,
  fastPath,
  literalPath,
  keyboardPath,
  sdk,
  repair,
  mistakes,
  examples,
]
const usage = `npm run first-five-minutes [-- ${paths.map(({ id }) => id).join(' ')}] [--json] [--readme]`

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false }, readme: { type: 'boolean', default: false } },
  })
  const chosen = paths.filter(({ id }) => positionals.length === 0 || positionals.includes(id))
  if (chosen.length < positionals.length) throw new Error(`Usage: ${usage}`)
  const rows: Row[] = []
  for (const path of chosen) {
    process.stderr.write(`${path.id} ${path.name}\n`)
    rows.push({ id: path.id, name: path.name, goal: path.goal, ...(await walk(path)) })
  }
  process.stdout.write(values.json ? `${JSON.stringify(rows, null, 2)}\n` : `\n${describeRows(rows)}\n`)
  if (values.readme) writeReadme('first-five-minutes', `${describeRows(rows)}\n\n${machine()}`)
  return rows.some(({ outcome }) => outcome === 'FAIL') ? 1 : 0
}

function machine(): string {
  const { cpu, cores, kernel, node } = describeMachine()
  return `- ${cpu}, ${cores} cores, ${kernel}, Node ${node}.`
}

async function walk(path: Path): Promise<Pick<Row, 'measured' | 'outcome' | 'notes'>> {
  try {
    const { measured, missed } = await path.measure()
    return { measured, outcome: missed.length === 0 ? 'pass' : 'FAIL', notes: missed }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    // What cannot be measured here is neither reached nor missed.
    if (error instanceof CannotMeasure) return { measured: '–', outcome: 'skipped', notes: [message] }
    return { measured: 'it broke off', outcome: 'FAIL', notes: [message] }
  }
}

main().then(
  // Whatever a broken path has left open must not keep the program alive.
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(2)
  },
)
