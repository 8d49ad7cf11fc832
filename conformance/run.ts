// `npm run conformance [-- URL] [--target FILE] [--long]`: runs the suite and prints the score by statement.
import { join } from 'node:path'
import { run } from 'node:test'
import { parseArgs } from 'node:util'
import { discover } from './discovery.ts'
import { readDescription } from './remote-target.ts'
import { type Check, describeScore, scoreStatements } from './score.ts'
import { readStatements, statementsIn, testFiles } from './statements.ts'

interface Wish {
  url: string | undefined
  targetFile: string | undefined
  long: boolean
}

async function main(wish: Wish): Promise<number> {
  const env: Record<string, string | undefined> = {
    ...process.env,
    CONFORMANCE_URL: wish.url,
    ...(wish.targetFile !== undefined && { CONFORMANCE_TARGET: wish.targetFile }),
  }
  if (wish.url !== undefined) {
    // Before anything runs: is there a server, and is it described?
    readDescription(env)
    process.stdout.write(`Conformance of ${(await discover(wish.url)).issuer}\n`)
  } else process.stdout.write('Conformance of our own server\n')
  const scores = scoreStatements(readStatements(), await runChecks(wish.long, env))
  process.stdout.write(describeScore(scores))
  return scores.length > 0 && scores.every((score) => score.outcome !== 'fail') ? 0 : 1
}

/** Runs every file that checks statements, and waits for all results. */
async function runChecks(long: boolean, env: Record<string, string | undefined>): Promise<Check[]> {
  const files = testFiles(long).filter((file) => statementsIn(file).size > 0)
  const checks: Check[] = []
  const results = run({
    files: files.map((file) => join(import.meta.dirname, file)),
    concurrency: long ? 1 : 2,
    // A file that does not end by itself is no reason to wait.
    execArgv: ['--test-force-exit'],
    timeout: long ? 20 * 60_000 : 2 * 60_000,
    env,
  })
  const written: string[] = []
  results.on('test:stderr', ({ message }) => written.push(message))
  const note = (name: string, outcome: Check['outcome'], reason: string) => {
    const match = /^(\d+) (.*)$/s.exec(name)
    if (match) checks.push({ statement: Number(match[1]), name: match[2] ?? '', outcome, reason })
    // A file that ends before its tests do: what it wrote says why.
    else if (outcome === 'fail') process.stderr.write(`${name}: ${reason}\n${written.join('')}`)
  }
  results.on('test:pass', ({ name, skip }) =>
    note(name, skip === undefined ? 'pass' : 'skip', typeof skip === 'string' ? skip : ''),
  )
  results.on('test:fail', ({ name, details }) => note(name, 'fail', firstLines(details.error)))
  for await (const _event of results);
  return checks
}

function firstLines(error: Error): string {
  const { message } = error.cause instanceof Error ? error.cause : error
  return message
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(0, 5)
    .join(' ')
    .slice(0, 300)
}

function readArguments(): Wish {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { target: { type: 'string' }, long: { type: 'boolean', default: false } },
  })
  return { url: positionals[0], targetFile: values.target, long: values.long }
}

main(readArguments()).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(2)
  },
)
