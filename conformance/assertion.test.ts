// Signed client assertions, private_key_jwt: RFC 7521, RFC 7523, RFC 10070.
import assert from 'node:assert/strict'
import { createPrivateKey, randomUUID } from 'node:crypto'
import { type Answer, assertBasicChallenge, assertError } from './answer.ts'
import { hmacToken, signedToken, unsignedToken } from './jwt.ts'
import { requirement } from './requirement.ts'
import { type AssertionClient, type Json, need, type Target } from './target.ts'
import { formEncode, postToken, requestBody } from './token-request.ts'

const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

function clientOf(target: Target): AssertionClient {
  return need(target.assertionClient, 'client with private_key_jwt')
}

function claimsOf(target: Target, client: AssertionClient): Json {
  const now = Math.floor(target.now() / 1000)
  const { clientId } = client
  return { iss: clientId, sub: clientId, aud: target.issuer, jti: randomUUID(), iat: now, exp: now + 60 }
}

function privateJwk(client: AssertionClient, index = 0): Json {
  return need(client.privateJwks[index], `private key ${index + 1}`)
}

function sign(client: AssertionClient, header: Json, claims: Json, index = 0): string {
  const { kid, ...jwk } = privateJwk(client, index)
  return signedToken({ alg: 'ES256', kid, ...header }, claims, createPrivateKey({ key: jwk, format: 'jwk' }))
}

function post(
  target: Target,
  client: AssertionClient,
  assertion: string,
  { type = assertionType, more = '', endpoint = target.tokenEndpoint } = {},
): Promise<Answer> {
  const assertionParameters = `client_assertion_type=${formEncode(type)}&client_assertion=${assertion}`
  const body = `${requestBody(client.scopes[0] ?? '')}&${assertionParameters}${more}`
  return postToken(target, { authorization: null, body, endpoint })
}

function check(target: Target, claims: Json, header: Json = {}, client = clientOf(target)): Promise<Answer> {
  return post(target, client, sign(client, header, { ...claimsOf(target, client), ...claims }))
}

function assertOutcome(answer: Answer, status: number): void {
  if (status === 200) assert.equal(answer.status, 200, answer.text)
  else assertBasicChallenge(answer)
}

requirement(111, 'a good assertion gets a token', async (target) => {
  assertOutcome(await check(target, {}), 200)
})

// RFC 10070 and RFC 7523 §3; what differs from a good assertion, as the clock stands.
for (const [statement, what, status, change] of [
  [112, 'the issuer in a list of one as aud', 200, ({ issuer }: Target) => ({ aud: [issuer] })],
  [112, 'two elements in aud', 401, ({ issuer }: Target) => ({ aud: [issuer, 'https://other.example'] })],
  [113, 'the token endpoint as aud', 401, ({ tokenEndpoint }: Target) => ({ aud: tokenEndpoint })],
  [113, 'the issuer of another as aud', 401, () => ({ aud: 'https://other.example/oauth' })],
  [113, 'a slash after the issuer', 401, ({ issuer }: Target) => ({ aud: `${issuer}/` })],
  [113, 'the issuer in other letter case', 401, ({ issuer }: Target) => ({ aud: issuer.toUpperCase() })],
  [116, 'iss that is not sub', 401, () => ({ iss: 'other' })],
  [116, 'no sub', 401, () => ({ sub: undefined })],
  [116, 'no exp', 401, () => ({ exp: undefined })],
  [116, 'exp an hour past', 401, ({ now }: Target) => ({ exp: Math.floor(now() / 1000) - 3600 })],
  [116, 'no jti', 401, () => ({ jti: undefined })],
  [118, 'iat and nbf 8 s ahead', 200, (target: Target) => ({ iat: later(target, 8), nbf: later(target, 8) })],
  [118, 'iat over 60 s ahead', 401, (target: Target) => ({ iat: later(target, 65) })],
  [118, 'nbf over 60 s ahead', 401, (target: Target) => ({ nbf: later(target, 65) })],
  [118, 'exp 5 min past', 401, (target: Target) => ({ exp: later(target, -300) })],
] as const) {
  requirement(statement, `${what}: ${status}`, async (target) => {
    const client = clientOf(target)
    const claims = { ...claimsOf(target, client), ...change(target) }
    // Named beside the assertion: without a subject nobody else would.
    const more = `&client_id=${client.clientId}`
    assertOutcome(await post(target, client, sign(client, {}, claims), { more }), status)
  })
}

function later({ now }: Target, seconds: number): number {
  return Math.floor(now() / 1000) + seconds
}

// RFC 10070: the type is a signal, no gate; RFC 8725 §3.11: that of another kind of JWT is refused.
for (const [typ, status] of [
  ['client-authentication+jwt', 200],
  ['JWT', 200],
  [undefined, 200],
  ['at+jwt', 401],
  ['dpop+jwt', 401],
] as const) {
  requirement(114, `the type ${typ}: ${status}`, async (target) => {
    assertOutcome(await check(target, {}, { typ }), status)
  })
}

// Our choice: one way out for old clients, that ends by itself and is seen.
requirement(
  115,
  'the old audience passes for a client that has the switch, until its date',
  async (target) => {
    const old = need(target.legacyAudienceClient, 'client that may use the old audience')
    const advance = need(target.advanceClock, 'clock that moves')
    const lines = need(target.logLines, 'log to read')
    const aud = target.tokenEndpoint
    assertOutcome(await check(target, { aud }), 401)
    const warnings = () => lines().filter((line) => line.includes('RFC 10070')).length
    assert.equal(warnings(), 0)
    assertOutcome(await check(target, { aud }, {}, old), 200)
    assert.equal(warnings(), 1)
    advance(60_000)
    assertOutcome(await check(target, { aud }, {}, old), 401)
  },
)

// RFC 7523 §3, point 7.
requirement(117, 'the same assertion twice gets one token', async (target) => {
  const client = clientOf(target)
  const assertion = sign(client, {}, claimsOf(target, client))
  assertOutcome(await post(target, client, assertion), 200)
  assertOutcome(await post(target, client, assertion), 401)
})
requirement(117, 'at once on two nodes it gets one token', async (target) => {
  const client = clientOf(target)
  const node = await need(target.openOtherNode, 'second node')()
  const endpoints = [target.tokenEndpoint, node.origin + new URL(target.tokenEndpoint).pathname]
  const assertion = sign(client, {}, claimsOf(target, client))
  const answers = await Promise.all(
    [...endpoints, ...endpoints].map((endpoint) => post(target, client, assertion, { endpoint })),
  )
  await node.close()
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 401, 401, 401])
})

// RFC 8725 §2.1, §3.1, §3.2.
requirement(119, 'none, HMAC with the public key and another algorithm are refused', async (target) => {
  const client = clientOf(target)
  const { d: _private, ...publicJwk } = privateJwk(client)
  const { kid } = publicJwk
  const claims = () => claimsOf(target, client)
  for (const assertion of [
    unsignedToken({ alg: 'none' }, claims()).replace(/\.$/, '.AA'),
    hmacToken({ alg: 'HS256', kid }, claims(), JSON.stringify(publicJwk)),
    sign(client, { alg: 'RS256' }, claims()),
    sign(client, { alg: 'ES384' }, claims()),
  ])
    assertOutcome(await post(target, client, assertion), 401)
})

// RFC 7521 §4.2.
requirement(120, 'another assertion type gives 400, another client_id 401', async (target) => {
  const client = clientOf(target)
  const assertion = () => sign(client, {}, claimsOf(target, client))
  const type = 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer'
  assertError(await post(target, client, assertion(), { type }), 400, 'invalid_request')
  const more = `&client_id=${formEncode(target.client.clientId)}`
  assertOutcome(await post(target, client, assertion(), { more }), 401)
})

// RFC 7515 §4.1.4; the bound of four is our choice.
requirement(121, 'keys work side by side: kid picks, without it four are tried', async (target) => {
  const client = clientOf(target)
  for (const index of client.privateJwks.keys()) {
    const send = async (header: Json) =>
      post(target, client, sign(client, header, claimsOf(target, client), index))
    assertOutcome(await send({}), 200)
    assertOutcome(await send({ kid: undefined }), index < 4 ? 200 : 401)
    assertOutcome(await send({ kid: 'none-of-them' }), 401)
  }
})

// Our choice: the server of another never holds up ours.
requirement(
  122,
  'a dead jwks_uri keeps the last keys for 24 h, and no request waits for it',
  async (target) => {
    const { client, close } = await need(target.openPublishingClient, 'client whose jwks_uri hangs')()
    const advance = need(target.advanceClock, 'clock that moves')
    // An unknown key asks the address again, behind the answer: it hangs, the answer comes.
    assertOutcome(await check(target, {}, { kid: 'unknown' }, client), 401)
    assertOutcome(await check(target, {}, {}, client), 200)
    advance(23.9 * 3_600_000)
    assertOutcome(await check(target, {}, {}, client), 200)
    advance(0.2 * 3_600_000)
    assertOutcome(await check(target, {}, {}, client), 401)
    await close()
  },
)
