// What a guard refuses although it looks like a token: RFC 9068 §4, RFC 8725.
import assert from 'node:assert/strict'
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { createServer } from 'node:http'
import { assertBearerError } from './answer.ts'
import { type DecodedToken, decodeToken, hmacToken, signedToken, unsignedToken } from './jwt.ts'
import { requirement } from './requirement.ts'
import { guardedCallOf, type Json, need, type Target } from './target.ts'
import { callGuarded, getToken } from './token-request.ts'

/** A good token for a guarded call, taken apart. */
async function goodToken(target: Target): Promise<DecodedToken> {
  return decodeToken(await getToken(target, [guardedCallOf(target).scope]))
}

async function callWith(target: Target, token: string) {
  return callGuarded(guardedCallOf(target), `Bearer ${token}`)
}

const seconds = (target: Target) => Math.floor(target.now() / 1000)

/** What is wrong with the header and with the claims; the signature is right. */
const wrong: readonly (readonly [number, string, Json, (target: Target) => Json])[] = [
  // RFC 9068 §4: typ must be at+jwt.
  [72, 'typ JWT', { typ: 'JWT' }, () => ({})],
  [72, 'no typ', { typ: undefined }, () => ({})],
  [72, 'typ dpop+jwt', { typ: 'dpop+jwt' }, () => ({})],
  [72, 'another issuer', {}, ({ issuer }) => ({ iss: `${issuer}x` })],
  [72, 'the issuer with a slash', {}, ({ issuer }) => ({ iss: `${issuer}/` })],
  [72, 'no issuer', {}, () => ({ iss: undefined })],
  [72, 'another audience', {}, () => ({ aud: 'https://other.example' })],
  [72, 'audiences without its own', {}, () => ({ aud: ['https://a.example', 'https://b.example'] })],
  [72, 'no audience', {}, () => ({ aud: undefined })],
  // RFC 7515 §4.1.11: what is critical and not understood.
  [72, 'an unknown crit', { crit: ['x'], x: 1 }, () => ({})],
  [72, 'crit b64', { crit: ['b64'], b64: false }, () => ({})],
  [72, 'no exp', {}, () => ({ exp: undefined })],
  [72, 'exp as a text', {}, () => ({ exp: '9999999999' })],
  [72, 'exp past', {}, (target) => ({ exp: seconds(target) - 31 })],
  [72, 'iat 90 s ahead', {}, (target) => ({ iat: seconds(target) + 90 })],
  [72, 'no iat', {}, () => ({ iat: undefined })],
  [72, 'alg RS256 over an ES256 signature', { alg: 'RS256' }, () => ({})],
  [72, 'alg none over a signature', { alg: 'none' }, () => ({})],
  [72, 'an unknown kid', { kid: 'unknown' }, () => ({})],
  [72, 'no kid', { kid: undefined }, () => ({})],
  // RFC 9068 §2.2.3: scope is one string.
  [69, 'scope as an array', {}, (target) => ({ scope: [guardedCallOf(target).scope] })],
  // RFC 8725 §3.10: keys are never taken from the token.
  [73, 'jwk in the header', { jwk: { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' } }, () => ({})],
  [73, 'jku in the header', { jku: 'https://attacker.example/jwks' }, () => ({})],
  [73, 'x5u in the header', { x5u: 'https://attacker.example/x5u' }, () => ({})],
  [73, 'x5c in the header', { x5c: ['AA=='] }, () => ({})],
]
for (const [statement, what, header, changes] of wrong) {
  requirement(statement, `a rightly signed token with ${what} is refused`, async (target) => {
    const sign = need(target.sign, 'way to sign wrong tokens rightly')
    const { claims } = await goodToken(target)
    const token = sign(header, { ...claims, ...changes(target) })
    assertBearerError(await callWith(target, token), 401, 'invalid_token')
  })
}

const stranger: KeyObject = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
const strangerRsa: KeyObject = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey

// RFC 8725 §2.1, §3.1: the header never chooses the algorithm.
const forgeries: readonly (readonly [string, (token: DecodedToken, target: Target) => Promise<string>])[] = [
  ['alg none', async ({ header, claims }) => unsignedToken({ ...header, alg: 'none' }, claims)],
  ['alg NONE', async ({ header, claims }) => unsignedToken({ ...header, alg: 'NONE' }, claims)],
  ['an empty signature', async ({ header, claims }) => unsignedToken(header, claims)],
  [
    'HS256 with the published key as the secret',
    async ({ header, claims }, target) => {
      const jwks = await (await fetch(target.jwksUri)).text()
      return hmacToken({ ...header, alg: 'HS256' }, claims, jwks)
    },
  ],
  ['the key of a stranger', async ({ header, claims }) => signedToken(header, claims, stranger)],
  [
    'RS256 by a stranger',
    async ({ header, claims }) => signedToken({ ...header, alg: 'RS256' }, claims, strangerRsa),
  ],
]
for (const [what, forge] of forgeries) {
  requirement(72, `a token with ${what} is refused`, async (target) => {
    const token = await forge(await goodToken(target), target)
    assertBearerError(await callWith(target, token), 401, 'invalid_token')
  })
}

// RFC 9068 §4 with RFC 7516: nothing here is encrypted, and no address in a token is ever called.
requirement(73, 'a token that names its own key is refused, and nothing is fetched', async (target) => {
  const { header, claims } = await goodToken(target)
  let fetches = 0
  const server = createServer((_request, response) => {
    fetches += 1
    response.end('{"keys":[]}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    const address = server.address()
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`
    for (const own of [
      { jku: url },
      { x5u: url },
      { jku: url, kid: 'x' },
      { jwk: { kty: 'EC' }, kid: undefined },
    ]) {
      const token = signedToken({ ...header, ...own }, claims, stranger)
      assertBearerError(await callWith(target, token), 401, 'invalid_token')
    }
    assert.equal(fetches, 0)
  } finally {
    server.close()
  }
})
requirement(73, 'an encrypted token is refused', async (target) => {
  const part = Buffer.from('{"alg":"dir","enc":"A256GCM","typ":"at+jwt"}').toString('base64url')
  assertBearerError(await callWith(target, `${part}..AAAA.AAAA.AAAA`), 401, 'invalid_token')
})

// RFC 9068 §4, RFC 7515 §4.1.9: the prefix application/ may be there.
for (const typ of ['application/at+jwt', 'at+jwt']) {
  requirement(74, `typ ${typ} is accepted`, async (target) => {
    const sign = need(target.sign, 'way to sign')
    const { status, text } = await callWith(target, sign({ typ }, (await goodToken(target)).claims))
    assert.ok(status < 300, text)
  })
}

// Our choice: clocks may differ by 30 s.
requirement(75, 'the guard forgives 29 s after exp, not 31 s', async (target) => {
  const sign = need(target.sign, 'way to sign')
  const { claims } = await goodToken(target)
  const expiredFor = (ago: number) => sign({}, { ...claims, exp: seconds(target) - ago })
  assert.ok((await callWith(target, expiredFor(29))).status < 300)
  assertBearerError(await callWith(target, expiredFor(31)), 401, 'invalid_token')
})
requirement(72, 'iat 30 s ahead is a clock that differs, and passes', async (target) => {
  const sign = need(target.sign, 'way to sign')
  const { claims } = await goodToken(target)
  assert.ok((await callWith(target, sign({}, { ...claims, iat: seconds(target) + 30 }))).status < 300)
})

// RFC 6749 §3.3: scopes are names; a guard compares whole ones.
requirement(51, 'no prefix or wildcard of the needed scope passes the guard', async (target) => {
  const sign = need(target.sign, 'way to sign')
  const { claims } = await goodToken(target)
  const { scope } = guardedCallOf(target)
  for (const other of ['*', scope.split('_')[0], `${scope}*`, `${scope}s`, scope.toUpperCase(), ''])
    assertBearerError(
      await callWith(target, sign({}, { ...claims, scope: other })),
      403,
      'insufficient_scope',
    )
})
