// Signed assertions: RFC 7521, RFC 7523, RFC 10070.
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { createAddresses } from '../../testing/addresses.ts'
import {
  type AssertionKey,
  assertionClaims,
  assertionForm,
  type Claims,
  makeAssertionKey,
  signingInput,
} from '../../testing/assertions.ts'
import { createWorld, type World } from '../../testing/world.ts'

const es256 = makeAssertionKey('ES256')
const rs256 = makeAssertionKey('RS256')
const jwt = { authenticationMethods: ['private_key_jwt'] as const }

async function setUp(keys: readonly AssertionKey[], more: object = {}) {
  const world = await createWorld()
  const client = await world.makeClient({
    set: { ...jwt, jwks: { keys: keys.map(({ jwk }) => jwk) }, ...more },
  })
  return { world, clientId: client.clientId, issuer: `${world.url}/oauth` }
}

const nextAddress = createAddresses()

function send(world: World, payload: string) {
  return world.inject({
    method: 'POST',
    url: '/oauth/connect/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload,
    remoteAddress: nextAddress(),
  })
}

for (const algorithm of ['ES256', 'EdDSA', 'Ed25519', 'RS256', 'PS256'] as const) {
  test(`an assertion signed by ${algorithm} gets a token`, async () => {
    const key = makeAssertionKey(algorithm)
    const { world, clientId, issuer } = await setUp([key])
    const claims = assertionClaims(clientId, issuer, world.clock.now())
    const answer = await send(world, assertionForm(key.sign({}, claims)))
    assert.equal(answer.statusCode, 200, answer.body)
    await world.close()
  })
}

test('an assertion is judged by its claims, as the clock stands', async () => {
  const { world, clientId, issuer } = await setUp([es256])
  const now = Math.floor(world.clock.now() / 1000)
  const table: readonly (readonly [string, Claims, Claims, number])[] = [
    ['the issuer in a list of one', { aud: [issuer] }, {}, 200],
    ['a type for this use', {}, { typ: 'client-authentication+jwt' }, 200],
    ['the same with application/', {}, { typ: 'application/client-authentication+jwt' }, 200],
    ['the type JWT', {}, { typ: 'JWT' }, 200],
    ['a clock 8 s ahead', { iat: now + 8, nbf: now + 8, exp: now + 300 }, {}, 200],
    ['no iat', { iat: undefined }, {}, 200],
    ['an exp of 5 min', { exp: now + 300 }, {}, 200],
    ['an exp with a fraction', { exp: now + 30.5 }, {}, 200],
    ['an exp 59 s past', { exp: now - 59 }, {}, 200],
    // RFC 10070: the issuer, alone, compared as a string.
    ['two audiences', { aud: [issuer, 'https://other.example'] }, {}, 401],
    ['the issuer twice', { aud: [issuer, issuer] }, {}, 401],
    ['no audience in the list', { aud: [] }, {}, 401],
    ['the token endpoint', { aud: `${issuer}/connect/token` }, {}, 401],
    ['a slash added', { aud: `${issuer}/` }, {}, 401],
    ['another letter case', { aud: issuer.toUpperCase() }, {}, 401],
    ['no audience', { aud: undefined }, {}, 401],
    ['an audience that is an object', { aud: { issuer } }, {}, 401],
    ['another type', {}, { typ: 'at+jwt' }, 401],
    ['the type of a DPoP proof', {}, { typ: 'dpop+jwt' }, 401],
    ['a type that is no text', {}, { typ: 1 }, 401],
    ['another iss', { iss: 'test-other-1' }, {}, 401],
    ['no iss', { iss: undefined }, {}, 401],
    ['another sub', { sub: 'test-other-1' }, {}, 401],
    ['no sub', { sub: undefined }, {}, 401],
    ['no jti', { jti: undefined }, {}, 401],
    ['an empty jti', { jti: '' }, {}, 401],
    ['a jti that is no text', { jti: 7 }, {}, 401],
    ['no exp', { exp: undefined }, {}, 401],
    ['an exp that is a text', { exp: String(now + 60) }, {}, 401],
    ['an exp 5 min past', { exp: now - 300 }, {}, 401],
    ['an exp 61 s past', { exp: now - 61 }, {}, 401],
    ['an exp of 10 min', { exp: now + 600 }, {}, 401],
    ['an exp without end', { exp: 1e300 }, {}, 401],
    ['an iat 61 s ahead', { iat: now + 61 }, {}, 401],
    ['an nbf 61 s ahead', { nbf: now + 61 }, {}, 401],
    ['an unknown crit', {}, { crit: ['x'], x: 1 }, 401],
    ['an unencoded payload', {}, { crit: ['b64'], b64: false }, 401],
    ['a kid of no key', {}, { kid: 'other' }, 401],
    ['a kid that is no text', {}, { kid: 1 }, 401],
    ['another algorithm in the header', {}, { alg: 'RS256' }, 401],
  ]
  for (const [what, claims, header, status] of table) {
    const assertion = es256.sign(header, {
      ...assertionClaims(clientId, issuer, world.clock.now()),
      ...claims,
    })
    const answer = await send(world, assertionForm(assertion, { client_id: clientId }))
    assert.equal(answer.statusCode, status, `${what}: ${answer.body}`)
  }
  await world.close()
})

// RFC 8725 §2.1, §3.1: the header never chooses.
test('no forged assertion passes', async () => {
  const { world, clientId, issuer } = await setUp([rs256])
  const claims = () => assertionClaims(clientId, issuer, world.clock.now())
  const publicPem = Buffer.from(JSON.stringify(rs256.jwk))
  const hmac = (header: Claims) => {
    const input = signingInput(header, claims())
    return `${input}.${createHmac('sha256', publicPem).update(input).digest('base64url')}`
  }
  const good = rs256.sign({}, claims())
  const [header = '', body = '', signature = ''] = good.split('.')
  const stranger = makeAssertionKey('RS256')
  for (const [what, assertion] of [
    ['none', `${signingInput({ alg: 'none' }, claims())}.`],
    ['None', `${signingInput({ alg: 'None' }, claims())}.`],
    ['HS256 with the public key', hmac({ alg: 'HS256' })],
    ['a key of its own in the header', stranger.sign({ jwk: stranger.jwk }, claims())],
    ['a stranger with no kid', stranger.sign({}, claims())],
    ['another key type', es256.sign({}, claims())],
    ['a signature cut short', `${header}.${body}.${signature.slice(0, -8)}`],
    ['an empty signature', `${header}.${body}.`],
    [
      'a changed claim',
      `${header}.${Buffer.from(JSON.stringify({ ...claims(), jti: 'x' })).toString('base64url')}.${signature}`,
    ],
    ['no JWT', 'x'],
    ['two parts', `${header}.${body}`],
    ['five parts', `${header}.${body}.${signature}.a.b`],
    ['a list as claims', `${header}.${Buffer.from('[]').toString('base64url')}.${signature}`],
  ] as const) {
    const answer = await send(world, assertionForm(assertion, { client_id: clientId }))
    assert.deepEqual([answer.statusCode, answer.json().error], [401, 'invalid_client'], what)
  }
  assert.equal((await send(world, assertionForm(good))).statusCode, 200)
  await world.close()
})

// RFC 7521 §4.2.
test('the assertion type is required, and client_id must name the subject', async () => {
  const { world, clientId, issuer } = await setUp([es256])
  const other = await world.makeClient({ set: { ...jwt, jwks: { keys: [es256.jwk] } } })
  const assertion = () => es256.sign({}, assertionClaims(clientId, issuer, world.clock.now()))
  for (const [what, more, status, error] of [
    ['another type', { client_assertion_type: 'urn:x' }, 400, 'invalid_request'],
    ['an empty type', { client_assertion_type: '' }, 400, 'invalid_request'],
    ['the client_id of nobody', { client_id: 'test-other-1' }, 401, 'invalid_client'],
    ['the client_id of another with the same key', { client_id: other.clientId }, 401, 'invalid_client'],
    ['its own client_id', { client_id: clientId }, 200, undefined],
  ] as const) {
    const answer = await send(world, assertionForm(assertion(), more))
    assert.deepEqual([answer.statusCode, answer.json().error], [status, error], what)
  }
  await world.close()
})

test('keys work side by side: kid picks one, without it four are tried', async () => {
  const keys = Array.from({ length: 6 }, (_, index) => makeAssertionKey('ES256', `key-${index}`))
  const { world, clientId, issuer } = await setUp(keys)
  for (const [index, { sign }] of keys.entries()) {
    const claims = () => assertionClaims(clientId, issuer, world.clock.now())
    const picked = await send(world, assertionForm(sign({}, claims())))
    const tried = await send(world, assertionForm(sign({ kid: undefined }, claims())))
    const wrong = await send(world, assertionForm(sign({ kid: `key-${(index + 1) % 6}` }, claims())))
    assert.deepEqual(
      [picked.statusCode, tried.statusCode, wrong.statusCode],
      [200, index < 4 ? 200 : 401, 401],
      `key ${index}`,
    )
  }
  await world.close()
})

test('a client with the switch may name the token endpoint until its date, and the log says so', async () => {
  const lines: string[] = []
  const world = await createWorld({ onLogLine: (line) => lines.push(line) })
  const legacyAudienceUntil = world.clock.now() + 60_000
  const jwks = { keys: [es256.jwk] }
  const { clientId } = await world.makeClient({ set: { ...jwt, jwks, legacyAudienceUntil } })
  const issuer = `${world.url}/oauth`
  const endpoint = `${issuer}/connect/token`
  const post = async (aud: unknown) => {
    const claims = { ...assertionClaims(clientId, issuer, world.clock.now()), aud }
    return (await send(world, assertionForm(es256.sign({}, claims)))).statusCode
  }
  assert.equal(await post(issuer), 200)
  assert.equal(
    lines.some((line) => line.includes('the audience of old')),
    false,
  )
  for (const aud of [endpoint, [endpoint], [issuer, endpoint]]) assert.equal(await post(aud), 200)
  assert.equal(lines.filter((line) => line.includes('the audience of old')).length, 3)
  for (const aud of [[], ['https://other.example', endpoint], `${endpoint}/`])
    assert.equal(await post(aud), 401)
  world.clock.advance(60_000)
  assert.deepEqual([await post(endpoint), await post(issuer)], [401, 200])
  await world.close()
})
