import assert from 'node:assert/strict'
import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { test } from 'node:test'
import Fastify from 'fastify'
import { calculateJwkThumbprint, exportJWK, SignJWT } from 'jose'
import { requires } from './adapters/fastify.ts'
import type { Call } from './confirmation.ts'
import type { DpopNonces } from './dpop-proof.ts'
import { GuardError } from './errors.ts'
import { createGuard, type GuardOptions } from './guard.ts'

const issuer = 'https://api.example/oauth'
const audiences = { test: 'https://orders.example/test' }
const url = 'https://orders.example/orders'
const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const holder = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const other = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const startMs = Date.UTC(2026, 10, 24)
const now = startMs / 1000

const thumbprintOf = async (key: KeyObject) => calculateJwkThumbprint(await exportJWK(key))

async function token(cnf: unknown, scope = 'order_read'): Promise<string> {
  const claims = {
    iss: issuer,
    sub: 'test-a-b-100',
    client_id: 'test-a-b-100',
    aud: audiences.test,
    scope,
    environment: 'test',
    iat: now,
    exp: now + 3600,
    jti: 'j',
    cnf,
  }
  return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'k1' }).sign(privateKey)
}

const boundToken = async () => token({ jkt: await thumbprintOf(holder.publicKey) })
const hashOf = (text: string) => createHash('sha256').update(text).digest('base64url')

let proofs = 0

/** A proof that is right in everything but the wish. */
async function proof(
  accessToken: string,
  claims: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
  pair = holder,
): Promise<string> {
  proofs += 1
  const all = { jti: `p${proofs}`, htm: 'GET', htu: url, iat: now, ath: hashOf(accessToken), ...claims }
  const jwk = await exportJWK(pair.publicKey)
  return new SignJWT(all)
    .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk, ...header })
    .sign(pair.privateKey)
}

const guardWith = (options: Partial<GuardOptions> = {}) =>
  createGuard({
    issuer,
    audiences,
    findKey: (id) => (id === 'k1' ? publicKey : undefined),
    now: () => startMs,
    ...options,
  })

const callWith = (...dpopProofs: string[]): Call => ({ method: 'GET', url, dpopProofs })

async function refusal(run: Promise<unknown>): Promise<GuardError> {
  const error = await run.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof GuardError, String(error))
  return error
}

function assertRefused(error: GuardError, code: string, scheme = 'DPoP') {
  assert.deepEqual([error.status, error.code], [401, code])
  const algs = scheme === 'DPoP' ? ', algs="ES256 Ed25519 EdDSA RS256 PS256"' : ''
  assert.match(
    error.headers['www-authenticate'] ?? '',
    new RegExp(`^${scheme} realm="api.example"${algs}, error="${code}", error_description="[ !#-[\\]-~]+"$`),
  )
}

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

const nonces: DpopNonces = { current: () => 'n2', accepts: (nonce) => nonce === 'n1' || nonce === 'n2' }

// RFC 9449 §9.
test('with nonces a proof without a fresh one answers 401 use_dpop_nonce and brings it', async () => {
  const guard = guardWith({ dpopNonces: nonces })
  const text = await boundToken()
  for (const nonce of [undefined, 'n0', 1]) {
    const call = callWith(await proof(text, { nonce }))
    const error = await refusal(guard.check(`DPoP ${text}`, 'order_read', call))
    assertRefused(error, 'use_dpop_nonce')
    assert.equal(error.headers['dpop-nonce'], 'n2')
  }
  for (const nonce of ['n1', 'n2'])
    await guard.check(`DPoP ${text}`, 'order_read', callWith(await proof(text, { nonce })))
})

// RFC 8705 §3.
test('a token that is bound to a certificate passes with that one alone', async () => {
  const text = await token({ 'x5t#S256': 'thumbprint' })
  const accepted = await guardWith().check(`Bearer ${text}`, 'order_read', {
    ...callWith(),
    certificateThumbprint: 'thumbprint',
  })
  assert.deepEqual(accepted.confirmation, { certificate: 'thumbprint' })
  for (const call of [undefined, callWith(), { ...callWith(), certificateThumbprint: 'another' }]) {
    const error = await refusal(guardWith().check(`Bearer ${text}`, 'order_read', call))
    assertRefused(error, 'invalid_token', 'Bearer')
  }
})

test('a token that is bound to both needs both', async () => {
  const text = await token({ jkt: await thumbprintOf(holder.publicKey), 'x5t#S256': 'thumbprint' })
  const guard = guardWith()
  const call = async (certificateThumbprint?: string) => ({
    ...callWith(await proof(text)),
    certificateThumbprint,
  })
  await guard.check(`DPoP ${text}`, 'order_read', await call('thumbprint'))
  assertRefused(await refusal(guard.check(`DPoP ${text}`, 'order_read', await call())), 'invalid_token')
})

for (const cnf of [
  {},
  null,
  'x',
  [],
  { jwk: {} },
  { jkt: 1 },
  { jkt: 'x', 'x5t#S256': 1 },
  { jkt: 'x', kid: 'y' },
]) {
  test(`a token with cnf ${JSON.stringify(cnf)} is refused: nobody could check it`, async () => {
    const text = await token(cnf)
    for (const scheme of ['Bearer', 'DPoP']) {
      const call = callWith(await proof(text))
      assertRefused(
        await refusal(guardWith().check(`${scheme} ${text}`, 'order_read', call)),
        'invalid_token',
        scheme,
      )
    }
  })
}

test('the Fastify adapter hands on method, address, proofs and certificate, never the Host header', async () => {
  const app = Fastify()
  const guard = guardWith()
  const options = {
    origin: ['https://orders.example', 'https://old.example'],
    certificateThumbprint: () => 'thumbprint',
  }
  app.get('/orders', { onRequest: requires(guard, 'order_read', options) }, async () => 'in')
  app.get('/plain', { onRequest: requires(guard, 'order_read') }, async () => 'in')
  const text = await token({ jkt: await thumbprintOf(holder.publicKey), 'x5t#S256': 'thumbprint' })
  const call = async (path: string, htu: string) =>
    app.inject({
      url: path,
      headers: { authorization: `DPoP ${text}`, dpop: await proof(text, { htu }), host: 'attacker.example' },
    })
  assert.equal((await call('/orders?a=b', url)).body, 'in')
  assert.equal((await call('/orders', 'https://old.example/orders')).body, 'in')
  const forged = await call('/orders', 'https://attacker.example/orders')
  assert.equal(forged.statusCode, 401)
  assert.match(String(forged.headers['www-authenticate']), /^DPoP .*error="invalid_dpop_proof"/)
  assert.equal((await call('/plain', 'https://orders.example/plain')).statusCode, 401)
  await app.close()
})
