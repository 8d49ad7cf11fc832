// Every example of the documentation and the READMEs works: it is run against a real server, as a reader would.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runExamples } from './testing/run-examples.ts'

test('every example of docs/ and the READMEs works', { timeout: 120_000 }, async (t) => {
  const report = await runExamples()
  for (const { file, outcomes } of report.pages)
    await t.test(`${file}: ${outcomes.length} examples`, () => {
      const failures = outcomes.flatMap(({ block, failure }) =>
        failure === undefined ? [] : `${file}:${block.line} (${block.language}): ${failure}`,
      )
      assert.deepEqual(failures, [])
    })
  const { executed, notRun, leftOut, total } = report
  t.diagnostic(
    `examples: ${executed} of ${total} executed, ${notRun} say why they cannot run, ${leftOut} left out here`,
  )
  assert.ok(total > 60, `${total} examples were found`)
})
