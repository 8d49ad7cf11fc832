// The examples of the API reference are what the operations take and answer.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { exampleOf } from './example.ts'
import { contentOf, groupsOf } from './openapi.ts'

const document = JSON.parse(readFileSync(new URL('../../../../openapi.json', import.meta.url), 'utf8'))
const operations = groupsOf(document).flatMap((group) => group.operations)

test('every example of a body and of an answer fits its schema', () => {
  const ajv = new Ajv({ strict: false })
  addFormats.default(ajv)
  let count = 0
  for (const { id, requestBody, responses = {} } of operations) {
    const shown = [
      [`the body of ${id}`, contentOf(requestBody), false] as const,
      ...Object.entries(responses).map(
        ([status, response]) => [`answer ${status} of ${id}`, contentOf(response), true] as const,
      ),
    ]
    for (const [name, content, all] of shown) {
      if (content?.type !== 'application/json') continue
      const fits = ajv.compile(content.schema)
      const example = exampleOf(content.schema, all)
      assert.ok(fits(example), `${name}: ${JSON.stringify(fits.errors)} ${JSON.stringify(example)}`)
      count += 1
    }
  }
  assert.ok(count > 100, `${count} examples`)
})
