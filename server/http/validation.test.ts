import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createWorld } from '../testing/world.ts'

// Coerced they are Infinity, which no maximum of Ajv refuses.
for (const limit of ['1e309', '-1e309', 'Infinity', '9'.repeat(400), '101', '0', '1.5', '']) {
  test(`a page of ${limit.slice(0, 10) || 'nothing'} items is refused`, async () => {
    const world = await createWorld()
    const answer = await world.inject({
      url: `/signature/documents?limit=${limit}`,
      headers: { authorization: `Bearer ${await world.token(['document_read'])}` },
    })
    assert.equal(answer.statusCode, 400, answer.body)
    assert.match(answer.json().detail, /^querystring\.limit must /)
    await world.close()
  })
}
