// RFC 7523 §3, point 7: an assertion is used once, on all nodes together.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertionClaims, assertionForm, makeAssertionKey } from '../../testing/assertions.ts'
import { testDialects } from '../../testing/database.ts'
import { openSecondApp } from '../../testing/second-app.ts'
import { createWorld } from '../../testing/world.ts'

const key = makeAssertionKey()
const set = { authenticationMethods: ['private_key_jwt'] as const, jwks: { keys: [key.jwk] } }
const request = (payload: string) => ({
  method: 'POST' as const,
  url: '/oauth/connect/token',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  payload,
})

for (const dialect of testDialects) {
  test(`${dialect}: of the same assertion ten times at once exactly one passes, on any node`, async () => {
    const world = await createWorld({ dialect })
    const second = dialect === 'postgres' ? await openSecondApp(world) : undefined
    const { clientId } = await world.makeClient({ set })
    const claims = assertionClaims(clientId, `${world.url}/oauth`, world.clock.now())
    const form = assertionForm(key.sign({}, claims))
    const nodes = [world.app.server, second?.app.server ?? world.app.server]
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => nodes[index % 2]?.inject(request(form))),
    )
    const statuses = answers.map((answer) => answer?.statusCode)
    assert.equal(statuses.filter((status) => status === 200).length, 1, statuses.join())
    assert.equal(statuses.filter((status) => status === 401).length, 9, statuses.join())
    // As long as its exp and the skew let it pass, and no answer says why.
    world.clock.advance(119_000)
    assert.equal((await world.inject(request(form))).statusCode, 401)
    await second?.close()
    await world.close()
  })
}

test('two clients may use the same jti', async () => {
  const world = await createWorld()
  for (const { clientId } of [await world.makeClient({ set }), await world.makeClient({ set })]) {
    const claims = { ...assertionClaims(clientId, `${world.url}/oauth`, world.clock.now()), jti: 'same' }
    assert.equal((await world.inject(request(assertionForm(key.sign({}, claims))))).statusCode, 200)
  }
  await world.close()
})

test('without the database no assertion passes, and the answer says 503', async () => {
  const world = await createWorld()
  const { clientId } = await world.makeClient({ set })
  const post = () => {
    const claims = assertionClaims(clientId, `${world.url}/oauth`, world.clock.now())
    return world.inject(request(assertionForm(key.sign({}, claims))))
  }
  assert.equal((await post()).statusCode, 200)
  const { insertInto } = world.database.db
  Object.defineProperty(world.database.db, 'insertInto', {
    configurable: true,
    value: () => {
      throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
    },
  })
  const answer = await post()
  assert.deepEqual([answer.statusCode, answer.headers['retry-after']], [503, '2'])
  Object.defineProperty(world.database.db, 'insertInto', { value: insertInto })
  await world.close()
})
