// The access token: what is in it (RFC 9068 §2), where it may be used (RFC 8707), how long.
import assert from 'node:assert/strict'
import { compactVerify, createRemoteJWKSet } from 'jose'
import { assertBearerError, assertError } from './answer.ts'
import { decodeToken } from './jwt.ts'
import { requirement } from './requirement.ts'
import { guardedCallOf, need } from './target.ts'
import {
  basic,
  callGuarded,
  firstScope,
  formEncode,
  getToken,
  postToken,
  requestBody,
} from './token-request.ts'

// RFC 6750 §2.1: b64token.
requirement(20, 'the token is made of characters that a header may hold', async (target) => {
  assert.match(await getToken(target), /^[A-Za-z0-9\-._~+/]+=*$/)
})

// RFC 6749 §5.1 expires_in, RFC 7519 §4.1.4 exp.
requirement(21, 'expires_in equals exp - iat', async (target) => {
  const { body } = await postToken(target)
  const { claims } = decodeToken(String(body.access_token))
  assert.equal(Number(claims.exp) - Number(claims.iat), body.expires_in)
})

// Our choice: reuse is taught, not forced.
requirement(22, 'two identical requests give two tokens with different jti', async (target) => {
  const [first, second] = [await getToken(target), await getToken(target)]
  assert.notEqual(first, second)
  assert.notEqual(decodeToken(first).claims.jti, decodeToken(second).claims.jti)
})

// RFC 9068 §2.1: typ, and a signature by a published key; RFC 8725 §3.1.
requirement(
  67,
  'the header is at+jwt, ES256 and a published kid, and the signature holds',
  async (target) => {
    const token = await getToken(target)
    const { header } = decodeToken(token)
    assert.equal(header.typ, 'at+jwt')
    assert.match(String(header.alg), /^(ES256|EdDSA|Ed25519|RS256)$/)
    assert.deepEqual(Object.keys(header).sort(), ['alg', 'kid', 'typ'])
    await compactVerify(token, createRemoteJWKSet(new URL(target.jwksUri)))
  },
)

// RFC 9068 §2.2: the required claims, of their types (RFC 7519 §4.1, RFC 8693 §4.3).
requirement(68, 'every required claim is there, and sub is the client', async (target) => {
  const { claims } = decodeToken(await getToken(target))
  assert.equal(claims.iss, target.issuer)
  assert.equal(claims.client_id, target.client.clientId)
  assert.equal(claims.sub, target.client.clientId)
  assert.ok(Number.isInteger(claims.exp) && Number.isInteger(claims.iat))
  assert.ok(Math.abs(Number(claims.iat) - target.now() / 1000) < 60)
  assert.ok(typeof claims.jti === 'string' && claims.jti.length >= 16)
  assert.ok([claims.aud].flat().every((audience) => typeof audience === 'string' && audience !== ''))
})

// RFC 9068 §2.2.3, RFC 8693 §4.2: a string with spaces.
requirement(69, 'scope is a string with spaces', async (target) => {
  const scopes = target.client.scopes.slice(0, 2)
  assert.equal(decodeToken(await getToken(target, scopes)).claims.scope, scopes.toSorted().join(' '))
  assert.equal(decodeToken(await getToken(target)).claims.scope, firstScope(target))
})

// RFC 9068 §3: a default resource without the parameter.
requirement(70, 'without resource the audience is that of the API', async (target) => {
  const client = need(target.clients?.tenScopes, 'client with scopes of two APIs')
  for (const { scope, audience } of need(target.resources, 'resources'))
    assert.equal(decodeToken(await getToken(target, [scope], client)).claims.aud, audience)
})
// RFC 9068 §3, RFC 8707 §2.2: with it, that one alone.
requirement(70, 'with resource the audience is exactly that one', async (target) => {
  const client = need(target.clients?.tenScopes, 'client with scopes of two APIs')
  for (const { audience } of need(target.resources, 'resources')) {
    const body = `${requestBody(...client.scopes)}&resource=${formEncode(audience)}`
    const answer = await postToken(target, { authorization: basic(client), body })
    assert.equal(answer.status, 200, answer.text)
    assert.equal(decodeToken(String(answer.body.access_token)).claims.aud, audience)
  }
})
// RFC 8707 §2: invalid_target for a resource that is unknown, malformed or has a fragment.
for (const resource of ['https://unknown.example/', 'no-uri', 'https://unknown.example/#fragment']) {
  requirement(70, `the resource ${resource} gives 400 invalid_target`, async (target) => {
    need(target.resources, 'resources')
    const body = `${requestBody(firstScope(target))}&resource=${formEncode(resource)}`
    assertError(await postToken(target, { body }), 400, 'invalid_target')
  })
}

// Our choice: nothing is valid later than it is issued.
requirement(75, 'the token has no nbf', async (target) => {
  assert.equal('nbf' in decodeToken(await getToken(target)).claims, false)
})

// RFC 9068 §6: no personal data; a header of 8 kB has room for it.
requirement(77, 'the token has no personal data, and at most 1 kB with ten scopes', async (target) => {
  const client = need(target.clients?.tenScopes, 'client with ten scopes')
  assert.equal(client.scopes.length, 10)
  const token = await getToken(target, client.scopes, client)
  assert.ok(token.length <= 1024, `${token.length} bytes`)
  const known = ['iss', 'sub', 'client_id', 'aud', 'scope', 'environment', 'iat', 'exp', 'jti']
  const extra = Object.keys(decodeToken(token).claims).filter((name) => !known.includes(name))
  assert.deepEqual(extra, [])
})

// RFC 7519 §4.1.4: refused from exp on; a small leeway for clocks.
requirement(21, 'the token works until exp and is refused at exp + 30 s', async (target) => {
  const advance = need(target.advanceClock, 'clock that the suite can move')
  const call = guardedCallOf(target)
  const token = await getToken(target, [call.scope])
  const expiresAt = Number(decodeToken(token).claims.exp) * 1000
  for (const [ms, passes] of [
    [expiresAt - 1, true],
    [expiresAt + 30_000, false],
  ] as const) {
    advance(ms - target.now())
    const answer = await callGuarded(call, `Bearer ${token}`)
    if (passes) assert.ok(answer.status < 300, answer.text)
    else assertBearerError(answer, 401, 'invalid_token')
  }
})
