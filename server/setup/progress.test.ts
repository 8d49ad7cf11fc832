import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createProgress } from './progress.ts'

test('long work says how far it is, now and then; short work says nothing', () => {
  let nowMs = 0
  const said: string[] = []
  const say = createProgress(
    'entries',
    (text) => said.push(text),
    () => nowMs,
  )
  for (const [atMs, done] of [
    [1900, 10],
    [2100, 20],
    [2200, 30],
    [5200, 40],
  ] as const) {
    nowMs = atMs
    say(done, 100)
  }
  nowMs = 9000
  say(50)
  assert.deepEqual(said, ['20 of 100 entries\n', '40 of 100 entries\n', '50 entries so far\n'])
})
