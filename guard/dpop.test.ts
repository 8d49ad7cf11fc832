import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exportJWK } from 'jose'
import {
  assertRefused,
  boundToken,
  callWith,
  guardWith,
  hashOf,
  holder,
  now,
  other,
  proof,
  refusal,
  startMs,
  thumbprintOf,
  token,
  url,
} from './testing/bound-tokens.ts'

test('a bound token with a proof by its key passes, and says what it is bound to', async () => {
  const text = await boundToken()
  for (const scheme of ['DPoP', 'dpop', 'DPOP']) {
    const accepted = await guardWith().check(`${scheme} ${text}`, 'order_read', callWith(await proof(text)))
    assert.deepEqual(accepted.confirmation, { dpopKey: await thumbprintOf(holder.publicKey) })
  }
})

test('the proof of a remembered token is looked at each time', async () => {
  const guard = guardWith()
  const text = await boundToken()
  await guard.check(`DPoP ${text}`, 'order_read', callWith(await proof(text)))
  await guard.check(`DPoP ${text}`, 'order_read', callWith(await proof(text)))
  assertRefused(await refusal(guard.check(`DPoP ${text}`, 'order_read', callWith())), 'invalid_dpop_proof')
})

for (const [name, claims] of [
  ['ath of another token', { ath: hashOf('x') }],
  ['no ath', { ath: undefined }],
  ['ath that is no text', { ath: 1 }],
  ['another method', { htm: 'POST' }],
  ['the method in small letters', { htm: 'get' }],
  ['no method', { htm: undefined }],
  ['another path', { htu: 'https://orders.example/order' }],
  ['another host', { htu: 'https://order.example/orders' }],
  ['another scheme', { htu: 'http://orders.example/orders' }],
  ['another port', { htu: 'https://orders.example:8443/orders' }],
  ['a path alone', { htu: '/orders' }],
  ['an address with a user', { htu: 'https://a@orders.example/orders' }],
  ['an address with spaces', { htu: ' https://orders.example/orders' }],
  ['an address with backslashes', { htu: 'https:\\\\orders.example\\orders' }],
  ['no address', { htu: undefined }],
  ['a list of addresses', { htu: [url] }],
  ['iat too old', { iat: now - 61 }],
  ['iat too far ahead', { iat: now + 61 }],
  ['iat as a text', { iat: String(now) }],
  ['no iat', { iat: undefined }],
  ['no jti', { jti: undefined }],
  ['an empty jti', { jti: '' }],
  ['a jti that is no text', { jti: 1 }],
  ['a jti too long to remember', { jti: 'j'.repeat(257) }],
  ['exp past', { exp: now - 61 }],
  ['nbf ahead', { nbf: now + 61 }],
] as const) {
  test(`a proof with ${name} answers 401 invalid_dpop_proof`, async () => {
    const text = await boundToken()
    const call = callWith(await proof(text, claims))
    assertRefused(await refusal(guardWith().check(`DPoP ${text}`, 'order_read', call)), 'invalid_dpop_proof')
  })
}

for (const [name, htu] of [
  ['with query and fragment', `${url}?a=b#c`],
  ['in capitals', 'HTTPS://ORDERS.EXAMPLE/orders'],
  ['with the default port', 'https://orders.example:443/orders'],
  ['with dot segments', 'https://orders.example/x/../orders'],
  ['with letters encoded', 'https://orders.example/%6frders'],
] as const) {
  test(`the address of a proof may be written ${name}`, async () => {
    const text = await boundToken()
    await guardWith().check(`DPoP ${text}`, 'order_read', callWith(await proof(text, { htu })))
  })
}

for (const [name, header] of [
  ['typ JWT', { typ: 'JWT' }],
  ['typ at+jwt', { typ: 'at+jwt' }],
  ['no typ', { typ: undefined }],
  ['no key', { jwk: undefined }],
  ['a key of another kind', { jwk: { kty: 'oct', k: 'AAAA' } }],
  ['a key on no curve', { jwk: { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' } }],
  ['a key without members', { jwk: { kty: 'EC' } }],
  ['a key named by kid', { jwk: undefined, kid: 'k1' }],
] as const) {
  test(`a proof with ${name} answers 401 invalid_dpop_proof`, async () => {
    const text = await boundToken()
    const call = callWith(await proof(text, {}, header))
    assertRefused(await refusal(guardWith().check(`DPoP ${text}`, 'order_read', call)), 'invalid_dpop_proof')
  })
}

test('a proof that holds its private key answers 401 and says what to do', async () => {
  const text = await boundToken()
  const jwk = await exportJWK(holder.privateKey)
  const error = await refusal(
    guardWith().check(`DPoP ${text}`, 'order_read', callWith(await proof(text, {}, { jwk }))),
  )
  assertRefused(error, 'invalid_dpop_proof')
  assert.match(error.problem.detail, /holds a private key/)
})

test('a changed signature answers 401 invalid_dpop_proof', async () => {
  const text = await boundToken()
  const good = await proof(text)
  for (const bad of [
    `${good.slice(0, -10)}AAAAAAAAAA`,
    good.replace(/\.[^.]+$/, '.'),
    `${good}.`,
    'a.b.c',
    '',
  ]) {
    const error = await refusal(guardWith().check(`DPoP ${text}`, 'order_read', callWith(bad)))
    assertRefused(error, 'invalid_dpop_proof')
  }
})

test('two proofs in one call answer 401 invalid_dpop_proof', async () => {
  const text = await boundToken()
  const call = callWith(await proof(text), await proof(text))
  assertRefused(await refusal(guardWith().check(`DPoP ${text}`, 'order_read', call)), 'invalid_dpop_proof')
})

// RFC 9449 §7.1.
test('a proof by another key answers 401 invalid_token', async () => {
  const text = await boundToken()
  const call = callWith(await proof(text, {}, {}, other))
  assertRefused(await refusal(guardWith().check(`DPoP ${text}`, 'order_read', call)), 'invalid_token')
})

// RFC 9449 §7.2.
test('a bound token sent as a bearer token answers 401, with a proof and without', async () => {
  const text = await boundToken()
  for (const call of [undefined, callWith(), callWith(await proof(text))]) {
    assertRefused(await refusal(guardWith().check(`Bearer ${text}`, 'order_read', call)), 'invalid_token')
  }
})

test('a token without key sent as a DPoP token answers 401', async () => {
  const text = await token(undefined)
  const call = callWith(await proof(text))
  assertRefused(await refusal(guardWith().check(`DPoP ${text}`, 'order_read', call)), 'invalid_token')
})

test('a guard that is told nothing of the call refuses bound tokens', async () => {
  assertRefused(await refusal(guardWith().check(`DPoP ${await boundToken()}`, 'order_read')), 'invalid_token')
})

test('refusals about the token and the scope come in the scheme of the call', async () => {
  assertRefused(await refusal(guardWith().check('DPoP a.b.c', 'order_read', callWith())), 'invalid_token')
  const text = await boundToken()
  const error = await refusal(guardWith().check(`DPoP ${text}`, 'order_write', callWith(await proof(text))))
  assert.equal(error.status, 403)
  assert.match(
    error.headers['www-authenticate'] ?? '',
    /^DPoP .*error="insufficient_scope".*scope="order_write"/,
  )
})

test('a proof opens one call, until it is too old anyway', async () => {
  let nowMs = startMs
  const guard = guardWith({ now: () => nowMs })
  const text = await boundToken()
  // Ahead as far as is allowed: it is good for two minutes.
  const used = await proof(text, { iat: now + 60 })
  await guard.check(`DPoP ${text}`, 'order_read', callWith(used))
  for (const later of [0, 59, 119]) {
    nowMs = startMs + later * 1000
    const error = await refusal(guard.check(`DPoP ${text}`, 'order_read', callWith(used)))
    assertRefused(error, 'invalid_dpop_proof')
    assert.match(error.problem.detail, /used before/)
  }
  nowMs = startMs + 121_000
  const error = await refusal(guard.check(`DPoP ${text}`, 'order_read', callWith(used)))
  assert.match(error.problem.detail, /is not now/)
})

test('of thousand calls at once with one proof exactly one passes', async () => {
  const guard = guardWith()
  const text = await boundToken()
  const used = await proof(text)
  const results = await Promise.allSettled(
    Array.from({ length: 1000 }, () => guard.check(`DPoP ${text}`, 'order_read', callWith(used))),
  )
  assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1)
})

test('the memory for proofs is bounded: the oldest goes', async () => {
  const guard = guardWith({ rememberedProofs: 2 })
  const text = await boundToken()
  const used = await Promise.all([proof(text), proof(text), proof(text)])
  for (const each of used) await guard.check(`DPoP ${text}`, 'order_read', callWith(each))
  const again = async (each = '') => refusal(guard.check(`DPoP ${text}`, 'order_read', callWith(each)))
  assert.match((await again(used[2])).problem.detail, /used before/)
  await guard.check(`DPoP ${text}`, 'order_read', callWith(used[0] ?? ''))
})
