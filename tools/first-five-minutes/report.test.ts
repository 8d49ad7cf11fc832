import assert from 'node:assert/strict'
import { test } from 'node:test'
import { atMost } from './measure.ts'
import { describeRows } from './report.ts'

test('the table says goal, value and outcome of each path, and what was missed', () => {
  const text = describeRows([
    { id: 'P2', name: 'fast', goal: '≤ 6', measured: '6', outcome: 'pass', notes: [] },
    { id: 'P3', name: 'long', goal: '≤ 16', measured: '17', outcome: 'FAIL', notes: atMost('Steps', 17, 16) },
    { id: 'P4', name: 'keys', goal: '≤ 16', measured: '–', outcome: 'skipped', notes: ['No browser.'] },
  ])
  assert.equal(
    text,
    [
      '| path    | goal | measured |         |',
      '| ------- | ---- | -------- | ------- |',
      '| P2 fast | ≤ 6  | 6        | pass    |',
      '| P3 long | ≤ 16 | 17       | FAIL    |',
      '| P4 keys | ≤ 16 | –        | skipped |',
      '',
      '- P3: Steps: 17, at most 16 is the goal.',
      '- P4: No browser.',
      '',
      '1 of 3 reached, 1 missed, 1 not measured here.',
    ].join('\n'),
  )
})

test('a goal is reached by its own number', () => {
  assert.deepEqual(atMost('Restart', 2, 2, ' s'), [])
  assert.deepEqual(atMost('Restart', 2.25, 2, ' s'), ['Restart: 2.3 s, at most 2 s is the goal.'])
})
