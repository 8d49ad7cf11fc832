import assert from 'node:assert/strict'
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { createServer } from 'node:http'
import { test } from 'node:test'
import { SignJWT } from 'jose'
import { GuardError } from './errors.ts'
import { createGuard } from './guard.ts'
import type { GuardOptions } from './guard-options.ts'

const issuer = 'https://api.example/oauth'
const audiences = { test: 'https://api.example/test', production: 'https://api.example' }
const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const startMs = Date.UTC(2026, 10, 24)

interface Wish {
  claims?: Record<string, unknown>
  header?: Record<string, unknown>
  key?: KeyObject
}

/** A token that is right in everything but the wish. */
async function sign({ claims = {}, header = {}, key = privateKey }: Wish = {}): Promise<string> {
  const now = startMs / 1000
  const all = {
    iss: issuer,
    sub: 'test-a-b-100',
    client_id: 'test-a-b-100',
    aud: audiences.test,
    scope: 'event document_read',
    environment: 'test',
    iat: now,
    exp: now + 3600,
    jti: 'j',
    ...claims,
  }
  return new SignJWT(all).setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'k1', ...header }).sign(key)
}

const guardWith = (options: Partial<GuardOptions> = {}) =>
  createGuard({
    issuer,
    audiences,
    findKey: (id) => (id === 'k1' ? publicKey : undefined),
    now: () => startMs,
    ...options,
  })

async function refusal(run: Promise<unknown>): Promise<GuardError> {
  const error = await run.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof GuardError, String(error))
  return error
}

test('a good token passes, and its claims come back typed', async () => {
  const token = await guardWith().check(`Bearer ${await sign()}`, 'event')
  assert.deepEqual(token, {
    issuer,
    clientId: 'test-a-b-100',
    audiences: [audiences.test],
    scopes: ['event', 'document_read'],
    environment: 'test',
    issuedAt: startMs / 1000,
    expiresAt: startMs / 1000 + 3600,
    id: 'j',
  })
})

const now = startMs / 1000
for (const [name, wish, detail] of [
  ['expired beyond the skew', { claims: { exp: now - 42 } }, /^The token expired 42 seconds ago\./],
  ['of another issuer', { claims: { iss: 'https://other.example/oauth' } }, /comes from another issuer/],
  ['for another API', { claims: { aud: 'https://orders.example' } }, /issued for another API/],
  [
    'whose audience and environment disagree',
    { claims: { aud: audiences.production } },
    /issued for another API/,
  ],
  [
    'signed by another key',
    { key: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey },
    /malformed, changed or signed by an unknown key/,
  ],
  ['with an unknown kid', { header: { kid: 'k2' } }, /unknown key/],
  ['of another type', { header: { typ: 'JWT' } }, /not one that this API accepts/],
  ['with an unknown critical header', { header: { crit: ['x'], x: 1 } }, undefined],
  ['without expiry', { claims: { exp: undefined } }, /not one that this API accepts/],
  ['without scope', { claims: { scope: undefined } }, /not one/],
  ['with a list as scope', { claims: { scope: ['event'] } }, /lacks a claim/],
  ['issued in the future', { claims: { iat: now + 120 } }, /issued in the future/],
  ['of an unknown environment', { claims: { environment: 'staging' } }, /lacks a claim/],
] as const) {
  test(`a token ${name} answers 401 invalid_token`, async () => {
    if (detail === undefined) return void (await assert.rejects(sign(wish)))
    const error = await refusal(guardWith().check(`Bearer ${await sign(wish)}`, 'event'))
    assert.equal(error.status, 401)
    assert.match(error.headers['www-authenticate'] ?? '', /error="invalid_token"/)
    assert.match(error.problem.detail, detail)
  })
}

test('within the allowed skew a token that just expired passes', async () => {
  await guardWith().check(`Bearer ${await sign({ claims: { exp: now - 29 } })}`, 'event')
})

test('application/at+jwt is the same type', async () => {
  await guardWith().check(`Bearer ${await sign({ header: { typ: 'application/at+jwt' } })}`, 'event')
})

test('an API of production only says that a test token is one', async () => {
  const error = await refusal(
    guardWith({ audiences: { production: 'https://orders.example' } }).check(
      `Bearer ${await sign({ claims: { aud: 'https://test.orders.example' } })}`,
      'event',
    ),
  )
  assert.equal(
    error.problem.detail,
    'This is a test token and this API accepts production tokens only. Use a production client.',
  )
})

for (const [name, header, status, detail] of [
  ['nothing', undefined, 401, /^No access token in the request/],
  ['an empty header', '', 401, /^No access token/],
  ['the scheme alone', 'Bearer', 401, /^No access token/],
  ['two headers', ['Bearer a', 'Bearer b'], 400, /more than one Authorization header/],
  ['Basic', 'Basic dGVzdDp4', 401, /This is HTTP Basic/],
  [
    'a token that was cut',
    `Bearer eyJhbGciOiJFUzI1NiIsInR5cCI6ImF0K2p3dCIsImtpZCI6ImtleV`,
    401,
    /has 1 of 3 parts: it was cut/,
  ],
  ['our secret', `Bearer lk_test_abcdefgh_${'x'.repeat(49)}`, 401, /looks like a client secret/],
  ['a long text without dots', `Bearer ${'x'.repeat(43)}`, 401, /looks like a client secret/],
  ['a client id', 'Bearer test-quiet-fjord-482', 401, /looks like a client id/],
  ['nonsense', 'Bearer a.b.c', 401, /malformed/],
  ['quotes', 'Bearer "a"', 401, /holds no access token/],
] as const) {
  test(`${name} as Authorization answers ${status} and says what it is`, async () => {
    const error = await refusal(guardWith().check(header, 'event'))
    assert.equal(error.status, status)
    assert.match(error.problem.detail, detail)
    assert.equal(/error=/.test(error.headers['www-authenticate'] ?? ''), error.code !== undefined)
  })
}

test('the scheme may be written in any letter case', async () => {
  for (const scheme of ['bearer', 'BEARER', 'Bearer  '])
    await guardWith().check(`${scheme} ${await sign()}`, 'event')
})

test('a remembered token is not verified again, but still expires', async () => {
  let asked = 0
  let nowMs = startMs
  const guard = guardWith({
    now: () => nowMs,
    findKey: () => {
      asked += 1
      return publicKey
    },
  })
  const header = `Bearer ${await sign()}`
  for (let index = 0; index < 5; index += 1) await guard.check(header, 'event')
  assert.equal(asked, 1)
  nowMs += (3600 + 31) * 1000
  assert.equal((await refusal(guard.check(header, 'event'))).status, 401)
})

test('ten thousand forged tokens with unknown kids cause one more fetch of the keys at most', async () => {
  let fetches = 0
  const keys = createServer((_request, response) => {
    fetches += 1
    response.setHeader('content-type', 'application/json').end(
      JSON.stringify({
        keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'ES256', use: 'sig' }],
      }),
    )
  })
  await new Promise<void>((resolve) => keys.listen(0, '127.0.0.1', resolve))
  const address = keys.address()
  const jwksUri = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/jwks`
  const guard = createGuard({ issuer, audiences, jwksUri, now: () => startMs })
  await guard.check(`Bearer ${await sign()}`, 'event')
  assert.equal(fetches, 1)
  const [, payload, signature] = (await sign()).split('.')
  for (let index = 0; index < 10_000; index += 1) {
    const header = Buffer.from(
      JSON.stringify({ alg: 'ES256', typ: 'at+jwt', kid: `forged-${index}`, jku: jwksUri }),
    ).toString('base64url')
    await refusal(guard.check(`Bearer ${header}.${payload}.${signature}`, 'event'))
  }
  assert.ok(fetches <= 2, `${fetches} fetches`)
  await new Promise((resolve) => keys.close(resolve))
})
