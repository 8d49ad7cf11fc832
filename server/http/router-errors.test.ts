import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createWorld } from '../testing/world.ts'

// Before any hook runs Fastify would answer by itself, and repeat the address.
for (const [what, url, status] of [
  ['that is no UTF-8', '/signature/documents/%E0%A4%A', 400],
  ['with a part beyond every id', `/signature/documents/${'x'.repeat(300)}`, 404],
  ['with a part beyond every id, encoded', `/signature/documents/${'%C3%BF'.repeat(300)}`, 404],
  // PostgreSQL cannot even look for it.
  ['with an id that holds a NUL', '/signature/documents/doc_%00', 400],
  ['with an account operation on such an id', '/account/test/identifications/%00', 400],
] as const) {
  test(`an address ${what} answers ${status} as every refusal is answered`, async () => {
    const world = await createWorld()
    const answer = await world.inject({ url })
    assert.equal(answer.statusCode, status, answer.body)
    assert.equal(answer.headers['content-type'], 'application/problem+json')
    assert.equal(answer.headers['cache-control'], 'no-store')
    assert.equal(answer.headers['x-content-type-options'], 'nosniff')
    assert.equal(answer.json().requestId, answer.headers['request-id'])
    assert.doesNotMatch(answer.body, /xxxx|%|\xff/)
    await world.close()
  })
}

test('at the authorization server such an address is refused in its own words (RFC 6749 §5.2)', async () => {
  const world = await createWorld()
  const answer = await world.inject({ url: '/oauth/%E0%A4%A' })
  assert.deepEqual([answer.statusCode, answer.json().error], [400, 'invalid_request'])
  await world.close()
})
