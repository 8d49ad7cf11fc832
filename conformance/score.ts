// From the results of single checks to a score by statement.
import type { Statement } from './statements.ts'

export interface Check {
  statement: number
  name: string
  outcome: 'pass' | 'fail' | 'skip'
  /** Why it failed or was skipped. */
  reason: string
}

export interface Score {
  statement: Statement
  outcome: Check['outcome']
  checks: Check[]
}

/** A statement fails with any of its checks, and is skipped only when all of them are. */
export function scoreStatements(statements: readonly Statement[], checks: readonly Check[]): Score[] {
  return statements.flatMap((statement) => {
    const own = checks.filter((check) => check.statement === statement.number)
    if (own.length === 0) return []
    const has = (outcome: Check['outcome']) => own.some((check) => check.outcome === outcome)
    return { statement, outcome: has('fail') ? 'fail' : has('pass') ? 'pass' : 'skip', checks: own }
  })
}

/** The score as a person reads it: what failed and what was left out, with the reason, then the sum. */
export function describeScore(scores: readonly Score[]): string {
  const lines = scores.flatMap(({ statement, outcome, checks }) => [
    ...(outcome === 'fail' ? [`FAIL ${label(statement)}`] : []),
    ...checks
      .filter((check) => check.outcome === 'fail')
      .map((check) => `     ${check.name}: ${check.reason}`),
    ...(outcome === 'skip' ? [`skip ${label(statement)}: ${checks[0]?.reason}`] : []),
  ])
  const count = (outcome: Check['outcome']) => scores.filter((score) => score.outcome === outcome).length
  const partly = scores.filter(
    ({ outcome, checks }) => outcome === 'pass' && checks.some((check) => check.outcome === 'skip'),
  )
  const some = partly.length > 0 ? ` (${partly.length} of them in part)` : ''
  const sum = `${scores.length} statements: ${count('pass')} pass${some}, ${count('fail')} fail, ${count('skip')} skipped`
  return [...lines, sum, ''].join('\n')
}

function label({ number, text, section }: Statement): string {
  return `${number} ${text} (${section})`
}
