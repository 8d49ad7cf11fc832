// Each of the fifteen mistakes gets an answer that names cause and fix and leads to a page that is alive.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkMistakes, mistakes } from './mistakes.ts'

test('fifteen of fifteen mistakes are answered with cause, fix and a live page', async () => {
  const results = await checkMistakes()
  assert.equal(mistakes.length, 15)
  assert.deepEqual(
    results.filter(({ missed }) => missed.length > 0),
    [],
  )
})
