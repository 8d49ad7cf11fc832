// A report as people read it.
import type { ClientConformanceReport } from './run.ts'

const marks = { best: 'best', acceptable: 'acceptable', bad: 'BAD', none: '–' }

/** The table, then a sentence or two for each row that is not the best, then the score. */
export function describeReport(report: ClientConformanceReport): string {
  const rows = report.results.map(({ title, measured, verdict }) => [title, measured, marks[verdict]])
  const notes = report.results
    .filter(({ verdict }) => verdict !== 'best')
    .map(({ title, why, advice, verdict, wrote }) => {
      const mend = advice === undefined ? '' : `\n  What to do: ${advice}`
      // Of one scenario a person wants to see everything.
      const said = report.results.length === 1 && verdict === 'bad' && wrote ? `\n  It wrote:\n${wrote}` : ''
      return `- ${title}: ${why}${mend}${said}`
    })
  return [
    ...columns(['scenario', 'measured', 'verdict'], rows),
    '',
    ...notes,
    ...(notes.length > 0 ? [''] : []),
    sumOf(report),
    '',
  ].join('\n')
}

/** `Score: 35 of 36 points (17 best, 1 acceptable, 0 bad; 2 left out).` */
export function sumOf({ points, possible, verdicts }: ClientConformanceReport): string {
  const left = verdicts.none === 0 ? '' : `; ${verdicts.none} left out`
  return `Score: ${points} of ${possible} points (${verdicts.best} best, ${verdicts.acceptable} acceptable, ${verdicts.bad} bad${left}).`
}

/** 0 when no row is bad, 1 when one is: the exit code of a run. */
export function exitCodeOf({ verdicts }: ClientConformanceReport): 0 | 1 {
  return verdicts.bad === 0 ? 0 : 1
}

function columns(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((cell, column) =>
    Math.max(cell.length, ...rows.map((row) => row[column]?.length ?? 0)),
  )
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)]
}
