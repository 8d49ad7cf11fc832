// Every example of the documentation and the READMEs works: it is run against a real server, as a reader would.
// Pages that start the program many times are left to the long proofs.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runExamples } from './testing/run-examples.ts'

test('every example of docs/ and the READMEs works', { timeout: 300_000 }, async (t) => {
  const { pages, executed, notRun, leftOut, total } = await runExamples({
    quick: process.env.TEST_LONG === undefined,
  })
  const failures = pages.flatMap(({ outcomes }) =>
    outcomes.flatMap(({ block: { file, line, language }, failure }) =>
      failure === undefined ? [] : `${file}:${line} (${language}): ${failure}`,
    ),
  )
  assert.deepEqual(failures, [])
  assert.ok(total > 60, `${total} examples were found`)
  t.diagnostic(
    `${total} examples: ${executed} executed, ${notRun} say why they cannot run, ${leftOut} left out on this machine`,
  )
})
