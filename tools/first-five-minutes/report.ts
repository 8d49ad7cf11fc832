import { table } from '../../bench/report/table.ts'

export interface Row {
  id: string
  name: string
  goal: string
  measured: string
  outcome: 'pass' | 'FAIL' | 'skipped'
  /** What was missed, or why it could not be measured. */
  notes: string[]
}

/** The table, then a line for each thing that was missed. */
export function describeRows(rows: readonly Row[]): string {
  const cells = rows.map(({ id, name, goal, measured, outcome }) => [
    `${id} ${name}`,
    goal,
    measured,
    outcome,
  ])
  const notes = rows.flatMap(({ id, notes: own }) => own.map((note) => `- ${id}: ${note}`))
  const failed = rows.filter(({ outcome }) => outcome === 'FAIL').length
  const skipped = rows.filter(({ outcome }) => outcome === 'skipped').length
  const passed = rows.length - failed - skipped
  return [
    ...table(['path', 'goal', 'measured', ''], cells),
    '',
    ...notes,
    ...(notes.length > 0 ? [''] : []),
    `${passed} of ${rows.length} reached, ${failed} missed, ${skipped} not measured here.`,
  ].join('\n')
}
