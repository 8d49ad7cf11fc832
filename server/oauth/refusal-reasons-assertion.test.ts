// What the owner of a client is told of an assertion that was refused.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertionClaims, assertionForm, type Claims, makeAssertionKey } from '../testing/assertions.ts'
import { explain } from '../testing/explain.ts'
import { createWorld } from '../testing/world.ts'

const formType = { 'content-type': 'application/x-www-form-urlencoded' }
const key = makeAssertionKey()
const otherKey = makeAssertionKey()

for (const [cause, make, reason] of [
  ['the signature of another key', (c: Claims) => otherKey.sign({}, c), /none of the client's keys/],
  ['an unknown kid', (c: Claims) => key.sign({ kid: 'k9' }, c), /has the kid of the assertion/],
  [
    'a symmetric algorithm',
    (c: Claims) => key.sign({ alg: 'HS256' }, c),
    /^The alg of the assertion is none of/,
  ],
  ['a type of another use', (c: Claims) => key.sign({ typ: 'at+jwt' }, c), /^The typ of the assertion/],
  [
    'another audience',
    (c: Claims) => key.sign({}, { ...c, aud: 'https://x.example' }),
    /^The aud of the assertion/,
  ],
  ['no jti', (c: Claims) => key.sign({}, { ...c, jti: undefined }), /^The assertion has no jti\.$/],
  ['another issuer', (c: Claims) => key.sign({}, { ...c, iss: 'x' }), /^The iss of the assertion/],
  [
    'an exp of long ago',
    (c: Claims) => key.sign({}, { ...c, exp: Number(c.iat) - 300 }),
    /^The assertion expired 300 seconds ago/,
  ],
  [
    'an exp far ahead',
    (c: Claims) => key.sign({}, { ...c, exp: Number(c.iat) + 4000 }),
    /more than 300 seconds ahead/,
  ],
] as const)
  test(`an assertion with ${cause} says so to its owner`, async () => {
    const world = await createWorld()
    const set = { authenticationMethods: ['private_key_jwt' as const], jwks: { keys: [key.jwk] } }
    const { clientId } = await world.makeClient({ set })
    const claims = assertionClaims(clientId, `${world.url}/oauth`, world.clock.now())
    const payload = assertionForm(make(claims), { scope: 'event' })
    const request = { method: 'POST' as const, url: '/oauth/connect/token', headers: formType, payload }
    const { answer, entry } = await explain(world, request)
    assert.equal(answer.statusCode, 401)
    assert.deepEqual([entry.accountId, entry.clientId], ['acme', clientId])
    assert.match((entry.reason ?? '').replace(/^Whether [^.]*\. /, ''), reason)
    await world.close()
  })

test('an assertion that is used again says so to its owner', async () => {
  const world = await createWorld()
  const set = { authenticationMethods: ['private_key_jwt' as const], jwks: { keys: [key.jwk] } }
  const { clientId } = await world.makeClient({ set })
  const claims = assertionClaims(clientId, `${world.url}/oauth`, world.clock.now())
  const payload = assertionForm(key.sign({}, claims), { scope: 'event' })
  const request = { method: 'POST' as const, url: '/oauth/connect/token', headers: formType, payload }
  assert.equal((await world.inject(request)).statusCode, 200)
  assert.match((await explain(world, request)).entry.reason ?? '', /The assertion was used before\./)
  await world.close()
})
