import assert from 'node:assert/strict'
import { test } from 'node:test'
import { makeAssertionKey } from '../testing/assertions.ts'
import { summariseKeys } from './key-summary.ts'

// The example of RFC 7638 §3.1.
const rfcKey = {
  kty: 'RSA',
  n: '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw',
  e: 'AQAB',
  alg: 'RS256',
  kid: '2011-04-29',
}

test('a key is named by its id and its thumbprint, whatever else it says of itself', () => {
  const thumbprint = 'NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs'
  assert.deepEqual(summariseKeys({ keys: [rfcKey] }), [{ keyId: '2011-04-29', thumbprint }])
})

for (const algorithm of ['ES256', 'EdDSA', 'RS256'] as const)
  test(`of a key for ${algorithm} nothing but id and thumbprint is told`, () => {
    const { jwk } = makeAssertionKey(algorithm, 'k')
    const text = JSON.stringify(summariseKeys({ keys: [jwk] }))
    for (const member of ['n', 'x', 'y']) assert.ok(!text.includes(String(jwk[member] ?? 'no such member')))
    assert.match(text, /^\[\{"keyId":"k","thumbprint":"[\w-]{43}"\}\]$/)
  })

test('what is no key has no thumbprint', () => {
  assert.deepEqual(summariseKeys({ keys: [null, { kty: 'oct', k: 'secret' }] }), [
    { keyId: null, thumbprint: null },
    { keyId: null, thumbprint: null },
  ])
})
