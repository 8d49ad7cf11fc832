import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { generatedFiles } from './generated-files.ts'

test('the files that are made from the code are fresh', async () => {
  for (const [file, text] of await generatedFiles()) {
    assert.equal(readFileSync(file, 'utf8'), text, `${file} is stale: run npm run generate and commit it`)
  }
})
