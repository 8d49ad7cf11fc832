// Introspection: RFC 7662, RFC 9701.
import assert from 'node:assert/strict'
import { assertBasicChallenge, assertError } from './answer.ts'
import { decodeToken } from './jwt.ts'
import { requirement } from './requirement.ts'
import { guardedCallOf, need } from './target.ts'
import { postIntrospection, postRevocation } from './token-endpoints.ts'
import { callGuarded, getToken } from './token-request.ts'

// RFC 7662 §2.1 and §4.
requirement(87, 'without client authentication: 401', async (target) => {
  const token = await getToken(target)
  assertBasicChallenge(await postIntrospection(target, { form: { token }, client: null }))
  assertBasicChallenge(
    await postIntrospection(target, { form: { token }, client: { ...target.client, clientSecret: 'wrong' } }),
  )
})
requirement(87, 'without token: 400 invalid_request', async (target) => {
  assertError(await postIntrospection(target, { form: {} }), 400, 'invalid_request')
})

// RFC 7662 §2.2.
requirement(88, 'a live token is active, with the members of the token', async (target) => {
  const token = await getToken(target)
  const { claims } = decodeToken(token)
  const { body } = await postIntrospection(target, { form: { token } })
  assert.equal(body.active, true)
  assert.equal(body.token_type, 'Bearer')
  for (const name of ['scope', 'client_id', 'exp', 'iat', 'sub', 'aud', 'iss', 'jti'])
    assert.deepEqual(body[name], claims[name], name)
})

requirement(89, 'what is not worth anything is exactly {"active":false}', async (target) => {
  const token = await getToken(target)
  const revoked = await getToken(target)
  await postRevocation(target, { form: { token: revoked } })
  const forged = `${token.slice(0, -6)}AAAAAA`
  for (const text of [revoked, forged, 'nonsense', 'a.b.c']) {
    const { status, text: body } = await postIntrospection(target, { form: { token: text } })
    assert.deepEqual([status, body], [200, '{"active":false}'])
  }
})
requirement(89, 'an expired token is {"active":false}', async (target) => {
  const token = await getToken(target)
  need(target.advanceClock, 'a clock that can be moved')(2 * 24 * 3600 * 1000)
  assert.equal((await postIntrospection(target, { form: { token } })).text, '{"active":false}')
})
requirement(89, 'a token of the other environment is {"active":false}', async (target) => {
  const production = need(target.clients?.production, 'a production client')
  const token = await getToken(target, [production.scopes[0] ?? ''], production)
  assert.equal((await postIntrospection(target, { form: { token } })).text, '{"active":false}')
})

// RFC 7662 §4: nobody learns about tokens that are not his.
requirement(90, 'a caller that the token does not concern gets {"active":false}', async (target) => {
  const other = need(target.clients?.tenScopes, 'a second client')
  const token = await getToken(target)
  assert.equal((await postIntrospection(target, { form: { token }, client: other })).text, '{"active":false}')
})

requirement(91, 'a client secret as token is {"active":false}', async (target) => {
  const token = target.client.clientSecret
  assert.equal((await postIntrospection(target, { form: { token } })).text, '{"active":false}')
})

const signedType = 'application/token-introspection+jwt'

// RFC 9701 §5.
requirement(92, 'the answer is signed when the caller accepts that', async (target) => {
  const token = await getToken(target)
  const answer = await postIntrospection(target, { form: { token }, headers: { accept: signedType } })
  assert.equal(answer.headers.get('content-type'), signedType)
  const { header, claims } = decodeToken(answer.text)
  assert.equal(header.typ, 'token-introspection+jwt')
  assert.deepEqual(
    [claims.iss, claims.aud, typeof claims.iat],
    [target.issuer, target.client.clientId, 'number'],
  )
  assert.equal(Object(claims.token_introspection).active, true)
  assert.deepEqual([claims.exp, claims.sub], [undefined, undefined])
})

// RFC 9701 §8.1.
requirement(93, 'such an answer is refused as an access token', async (target) => {
  const call = guardedCallOf(target)
  const token = await getToken(target, [call.scope])
  const answer = await postIntrospection(target, { form: { token }, headers: { accept: signedType } })
  assert.equal((await callGuarded(call, `Bearer ${answer.text}`)).status, 401)
})

requirement(94, 'every answer is not stored', async (target) => {
  for (const token of [await getToken(target), 'nonsense']) {
    const { headers } = await postIntrospection(target, { form: { token } })
    assert.equal(headers.get('cache-control'), 'no-store')
  }
})
