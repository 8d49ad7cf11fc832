// The token endpoint: methods, address, body, answer. RFC 6749 §3.2, §4.4, §5.1 and Appendix B.
import assert from 'node:assert/strict'
import { type Answer, assertBasicChallenge, assertError, assertNoToken } from './answer.ts'
import { requirement } from './requirement.ts'
import { need } from './target.ts'
import {
  basic,
  firstScope,
  formEncode,
  formType,
  grantBody,
  postToken,
  requestBody,
} from './token-request.ts'

// RFC 6749 §4.4.3, §5.1.
requirement(1, 'good Basic and a good form give a bearer token', async (target) => {
  const { status, body } = await postToken(target)
  assert.equal(status, 200)
  assert.equal(typeof body.access_token, 'string')
  assert.equal(body.token_type, 'Bearer')
  assert.equal(body.expires_in, target.client.lifetimeSeconds ?? 3600)
})

// RFC 6749 §4.4.3: no refresh token; RFC 6749 knows no id_token.
requirement(2, 'the answer has neither refresh_token nor id_token', async (target) => {
  const { status, body } = await postToken(target)
  assert.equal(status, 200)
  assert.equal('refresh_token' in body || 'id_token' in body, false)
})

// RFC 6749 §3.2: POST alone; RFC 9110 §15.5.6: 405 names what is allowed.
for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH']) {
  requirement(3, `${method} gives 405 with Allow: POST and never a token`, async (target) => {
    const answer = await postToken(target, {
      method,
      body: null,
      query: `?${requestBody(firstScope(target))}`,
    })
    assert.equal(answer.status, 405)
    assert.equal(answer.headers.get('allow'), 'POST')
    assertNoToken(answer)
  })
}

// RFC 6749 §2.3.1: the secret must not be in the address, even beside a right header.
requirement(4, 'a client_secret in the address gives 400 invalid_request', async (target) => {
  assertError(await postToken(target, { query: '?client_secret=x' }), 400, 'invalid_request')
})
requirement(4, 'a client_secret in the address is not in the log', async (target) => {
  const logLines = need(target.logLines, 'log that the suite can read')
  const canary = 'canary-in-the-address'
  const answer = await postToken(target, { query: `?client_secret=${canary}` })
  const id = answer.headers.get('request-id') ?? 'no Request-Id'
  assert.ok(logLines().some((line) => line.includes(id)))
  assert.equal(logLines().join('\n').includes(canary), false)
})

// RFC 6749 §3.2: the address may have a query; it holds no parameters of the request.
requirement(5, 'any other query string is ignored', async (target) => {
  assert.equal((await postToken(target, { query: '?x=1' })).status, 200)
  assertError(await postToken(target, { query: `?${grantBody}`, body: 'x=1' }), 400, 'invalid_request')
})

// RFC 9110 §8.3.1: type and parameter names in any letter case.
for (const contentType of [
  'APPLICATION/X-WWW-Form-UrlEncoded',
  `${formType}; charset=UTF-8`,
  `${formType};charset=iso-8859-1`,
  `${formType}; Charset="utf-8"`,
  `${formType} ; charset=utf-8`,
]) {
  requirement(6, `Content-Type ${contentType} is accepted`, async (target) => {
    assert.equal((await postToken(target, { contentType })).status, 200)
  })
}

// Our choice: a form is the only body (RFC 6749 §4.4.2 allows no other).
for (const [what, contentType, body] of [
  ['JSON', 'application/json', '{"grant_type":"client_credentials"}'],
  ['JSON named as a form', formType, '{"grant_type":"client_credentials"}'],
  ['multipart', 'multipart/form-data; boundary=b', '--b--\r\n'],
  ['text/plain', 'text/plain', undefined],
  ['no type', null, undefined],
  ['a type that is none', 'nonsense', undefined],
  ['a type that only begins alike', `${formType}x`, undefined],
] as const) {
  requirement(7, `a body of ${what} gives 400 invalid_request`, async (target) => {
    const answer = await postToken(target, { contentType, ...(body !== undefined && { body }) })
    assertError(answer, 400, 'invalid_request')
  })
}

/** Requests that end in different places of the pipeline. */
const outcomes = [
  ['a token', 200, {}],
  ['no authentication', 401, { authorization: null }],
  ['a broken Basic header', 401, { authorization: 'Basic !' }],
  ['a missing grant_type', 400, { body: 'x=1' }],
  ['an unknown grant', 400, { body: 'grant_type=x' }],
  ['an unknown scope', 400, { body: requestBody('no-such-scope') }],
  ['a JSON body', 400, { contentType: 'application/json', body: '{}' }],
  ['another method', 405, { method: 'PUT' }],
  ['a body that is too large', 413, { body: 'x'.repeat(20_000) }],
] as const

// RFC 6749 §5.1: tokens and refusals are never stored.
for (const [what, status, post] of outcomes) {
  requirement(8, `the answer to ${what} is JSON and not stored`, async (target) => {
    assertUnstoredJson(await postToken(target, post), status)
  })
}

// Our choice: RFC 9110 §12.5.1 lets a server send what it has.
for (const accept of ['text/html', 'application/xml;q=1, */*;q=0', 'nonsense', '']) {
  for (const [what, status, post] of outcomes.slice(0, 2)) {
    requirement(9, `Accept "${accept}" gets JSON for ${what}`, async (target) => {
      assertUnstoredJson(await postToken(target, { ...post, headers: { accept } }), status)
    })
  }
}

function assertUnstoredJson({ status, headers }: Answer, expected: number): void {
  assert.equal(status, expected)
  assert.match(headers.get('content-type') ?? '', /^application\/json(;|$)/)
  assert.equal(headers.get('cache-control'), 'no-store')
  assert.equal(headers.get('pragma'), 'no-cache')
}

// RFC 6749 §3.2: no parameter more than once.
for (const [what, twice] of [
  ['grant_type', `&${grantBody}`],
  ['grant_type with another value', '&grant_type=password'],
  ['scope', '&scope=x'],
  ['scope with the same name escaped', '&scop%65=x'],
  ['an unknown one with different values', '&x=1&x=2'],
  ['an unknown one with equal values', '&x=1&x=1'],
] as const) {
  requirement(10, `${what} twice gives 400 invalid_request`, async (target) => {
    assertError(
      await postToken(target, { body: requestBody(firstScope(target)) + twice }),
      400,
      'invalid_request',
    )
  })
}
// RFC 8707 §2: several resource parameters are several resources.
requirement(10, 'resource may be there twice', async (target) => {
  const [first, second] = need(target.resources, 'resources').map(({ audience }) => formEncode(audience))
  const client = need(target.clients?.tenScopes, 'client with scopes of two APIs')
  const body = `${requestBody(...client.scopes)}&resource=${first}&resource=${second}`
  const answer = await postToken(target, { authorization: basic(client), body })
  assert.equal(answer.status, 200, answer.text)
})

// RFC 6749 §3.2: a parameter without a value is omitted.
for (const [what, body, like] of [
  ['an empty scope', `${grantBody}&scope=`, grantBody],
  ['a scope without equals sign', `${grantBody}&scope`, grantBody],
  ['an empty grant_type', 'grant_type=&scope=x', 'scope=x'],
] as const) {
  requirement(11, `${what} counts as absent`, async (target) => {
    const [answer, absent] = [await postToken(target, { body }), await postToken(target, { body: like })]
    assert.deepEqual([answer.status, answer.body.error], [absent.status, absent.body.error])
  })
}

// RFC 6749 §3.2: unknown parameters are ignored.
requirement(12, 'unknown parameters are ignored', async (target) => {
  const body = `a=1&${requestBody(firstScope(target))}&audience=x&${formEncode('æ')}=1`
  assert.equal((await postToken(target, { body })).status, 200)
})

// RFC 6749 Appendix B: application/x-www-form-urlencoded in UTF-8.
for (const [what, space, status] of [
  ['+ is a space', '+', 200],
  ['%20 is a space', '%20', 200],
  ['%2B is a plus', '%2B', 400],
] as const) {
  requirement(13, what, async (target) => {
    const [first = '', second = need(undefined, 'second scope')] = target.client.scopes
    const answer = await postToken(target, { body: `${grantBody}&scope=${first}${space}${second}` })
    assert.equal(answer.status, status)
    if (status === 400) assertError(answer, 400, 'invalid_scope')
  })
}
const latin1 = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0))
for (const [what, body] of [
  ['%zz', `${grantBody}&scope=%zz`],
  ['a cut escape', `${grantBody}&scope=%4`],
  ['a broken escape in a name', `${grantBody}&%zz=1`],
  ['escaped bytes that are not UTF-8', `${grantBody}&scope=%FF%FE`],
  ['an escaped surrogate', `${grantBody}&scope=%ED%A0%80`],
  ['raw bytes that are not UTF-8', latin1(`${grantBody}&scope=\xff`)],
] as const) {
  requirement(13, `${what} gives 400 invalid_request`, async (target) => {
    assertError(await postToken(target, { body }), 400, 'invalid_request')
  })
}

// RFC 6749 §1.9: names and values are case-sensitive. §5.2: the code for each.
for (const [statement, what, body, error] of [
  [14, 'Grant_Type', 'Grant_Type=client_credentials', 'invalid_request'],
  [14, 'Client_Credentials', 'grant_type=Client_Credentials', 'unsupported_grant_type'],
  [15, 'a missing grant_type', 'scope=x', 'invalid_request'],
  [15, 'an unknown grant', 'grant_type=unheard-of', 'unsupported_grant_type'],
  // RFC 9700 §2.4 and §2.1.2: never the password grant, nor implicit.
  [16, 'password', 'grant_type=password&username=a&password=b', 'unsupported_grant_type'],
  [16, 'implicit', 'grant_type=implicit', 'unsupported_grant_type'],
] as const) {
  requirement(statement, `${what} gives 400 ${error}`, async (target) => {
    assertError(await postToken(target, { body }), 400, error)
  })
}
requirement(15, 'a known grant that the client may not use gives 400 unauthorized_client', async (target) => {
  const client = need(target.clients?.withoutGrant, 'client without this grant')
  assertError(await postToken(target, { authorization: basic(client) }), 400, 'unauthorized_client')
})
requirement(16, 'password and implicit are not in the metadata', async ({ metadata }) => {
  const text = JSON.stringify([metadata.grant_types_supported, metadata.response_types_supported])
  assert.doesNotMatch(text, /password|implicit|token/)
})

// Our choice: no page of another origin gets at the endpoint (Fetch standard, CORS protocol).
requirement(19, 'nothing is permitted to other origins', async (target) => {
  const headers = { origin: 'https://attacker.example', 'access-control-request-method': 'POST' }
  for (const answer of [
    await postToken(target, { headers }),
    await postToken(target, { headers, authorization: null }),
    await postToken(target, { headers, method: 'OPTIONS', body: null }),
  ]) {
    const permissions = [...answer.headers.keys()].filter((name) => name.startsWith('access-control-'))
    assert.deepEqual(permissions, [])
  }
})

// RFC 6749 §5.2 with RFC 7617: refused before the grant is looked at.
requirement(36, 'a bearer token is no client authentication here', async (target) => {
  assertBasicChallenge(await postToken(target, { authorization: 'Bearer abc' }))
})
