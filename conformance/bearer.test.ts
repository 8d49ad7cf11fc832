// Bearer tokens at guarded APIs: RFC 6750.
import assert from 'node:assert/strict'
import { assertBearerError, challengeOf } from './answer.ts'
import { decodeToken } from './jwt.ts'
import { sendRaw } from './raw-request.ts'
import { requirement } from './requirement.ts'
import { type GuardedCall, guardedCallOf, need, type Target } from './target.ts'
import { callGuarded, formType, getToken } from './token-request.ts'

const bearer = (token: string) => `Bearer ${token}`

// RFC 9110 §11.1: the scheme in any letter case; §11.4: one or more spaces.
for (const scheme of ['Bearer', 'bearer', 'BEARER', 'bEaReR', 'Bearer  ']) {
  requirement(58, `the scheme "${scheme}" is accepted`, async (target) => {
    const call = guardedCallOf(target)
    const { status, text } = await callGuarded(call, `${scheme} ${await getToken(target, [call.scope])}`)
    assert.ok(status >= 200 && status < 300, `${status} ${text}`)
  })
}

// RFC 6750 §2.2 and §2.3 are not offered; RFC 9700 §4.3.2: no token in addresses.
requirement(59, 'a token in the query alone gives 401', async (target) => {
  const call = guardedCallOf(target)
  const url = `${call.url}?access_token=${await getToken(target, [call.scope])}`
  assert.equal((await callGuarded({ ...call, url }, undefined)).status, 401)
})
requirement(59, 'a token in the body alone gives 401', async (target) => {
  const { url, scope } = postCall(target)
  const call = { url, scope, method: 'POST', contentType: formType }
  const body = `access_token=${await getToken(target, [scope])}`
  assert.equal((await callGuarded({ ...call, body }, undefined)).status, 401)
})

// RFC 6750 §2: one way in a request; §3.1: invalid_request.
for (const contentType of [formType, `${formType}; charset=utf-8`]) {
  requirement(60, `a token in header and body (${contentType}) gives 400 invalid_request`, async (target) => {
    const { url, scope } = postCall(target)
    const token = await getToken(target, [scope])
    const call = { url, scope, method: 'POST', contentType, body: `access_token=${token}` }
    assertBearerError(await callGuarded(call, bearer(token)), 400, 'invalid_request')
  })
}

function postCall({ guarded }: Target): GuardedCall {
  return need(
    guarded?.find((call) => call.method === 'POST'),
    'guarded URL that takes POST',
  )
}

// RFC 6750 §3.1: without authentication no error code.
for (const [what, authorization] of [
  ['no header', undefined],
  ['an empty header', ''],
  ['a scheme alone', 'Bearer'],
] as const) {
  requirement(61, `${what} gives 401 with a bare challenge`, async (target) => {
    const answer = await callGuarded(guardedCallOf(target), authorization)
    assert.equal(answer.status, 401)
    const challenge = challengeOf(answer)
    assert.ok(challenge.realm, 'a realm')
    assert.deepEqual(
      Object.keys(challenge).filter((name) => name.startsWith('error') || name === 'scope'),
      [],
    )
  })
}

/** Authorization headers that hold no valid token, made from one that is. */
const invalid: readonly (readonly [what: string, make: (token: string, target: Target) => string])[] = [
  ['three parts of nothing', () => bearer('a.b.c')],
  ['a text', () => bearer('abc')],
  ['characters that no token has', () => bearer('a b')],
  ['a token cut short', (token) => bearer(token.slice(0, -10))],
  ['a token without signature', (token) => bearer(token.slice(0, token.lastIndexOf('.') + 1))],
  ['a changed signature', (token) => bearer(changeAt(token, token.lastIndexOf('.') + 5))],
  ['a changed payload', (token) => bearer(changeAt(token, token.indexOf('.') + 20))],
  ['a token with a part too many', (token) => bearer(`${token}.e30`)],
  ['HTTP Basic', (_token, target) => `Basic ${btoa(`${target.client.clientId}:x`)}`],
  ['a client secret', (_token, target) => bearer(target.client.clientSecret)],
  ['a client id', (_token, target) => bearer(target.client.clientId)],
  ['another issuer', resigned(({ issuer }) => ({ iss: `${issuer}/` }))],
  ['another audience', resigned(() => ({ aud: 'https://other.example' }))],
  ['a token that is over', resigned(({ now }) => ({ exp: Math.floor(now() / 1000) - 60 }))],
]

function changeAt(token: string, index: number): string {
  return token.slice(0, index) + (token[index] === 'A' ? 'B' : 'A') + token.slice(index + 1)
}

/** The same claims but for some, signed rightly. */
function resigned(changes: (target: Target) => Record<string, unknown>) {
  return (token: string, target: Target) => {
    const sign = need(target.sign, 'way to sign wrong claims rightly')
    return bearer(sign({}, { ...decodeToken(token).claims, ...changes(target) }))
  }
}

// RFC 6750 §3.1: invalid_token for all of them.
for (const [what, make] of invalid) {
  requirement(62, `${what} gives 401 invalid_token`, async (target) => {
    const call = guardedCallOf(target)
    const token = await getToken(target, [call.scope])
    assertBearerError(await callGuarded(call, make(token, target)), 401, 'invalid_token')
  })
}

// RFC 6750 §3.1: insufficient_scope, and scope names what is needed.
requirement(63, 'a missing scope gives 403 that names it, and with it the call passes', async (target) => {
  const calls = need(target.guarded, 'guarded URLs')
  for (const call of calls) {
    const other = need(
      target.client.scopes.find((scope) => scope !== call.scope),
      'second scope',
    )
    const refused = await callGuarded(call, bearer(await getToken(target, [other])))
    assertBearerError(refused, 403, 'insufficient_scope')
    assert.equal(challengeOf(refused).scope, call.scope)
    const { status, text } = await callGuarded(call, bearer(await getToken(target, [call.scope])))
    assert.ok(status >= 200 && status < 300, `${call.url}: ${status} ${text}`)
  }
})

// RFC 9110 §5.3: Authorization is one value.
requirement(64, 'two Authorization headers give 400', async (target) => {
  const call = guardedCallOf(target)
  const authorization = ['Authorization', bearer(await getToken(target, [call.scope]))] as const
  const answer = await sendRaw(call.url, { method: call.method, headers: [authorization, authorization] })
  assertBearerError(answer, 400, 'invalid_request')
})

// Our choice: whoever may not enter sends nothing and learns nothing.
requirement(65, 'the token is checked before the body arrives', async (target) => {
  const call = postCall(target)
  const other = target.client.scopes.find((scope) => scope !== call.scope) ?? ''
  for (const [status, authorization] of [
    [401, []],
    [401, [['Authorization', 'Bearer a.b.c']]],
    [403, [['Authorization', bearer(await getToken(target, [other]))]]],
  ] as const) {
    const type = ['Content-Type', call.contentType ?? 'application/json'] as const
    const headers = [...authorization, type, ['Content-Length', '9000000']] as const
    assert.equal((await sendRaw(call.url, { method: 'POST', headers })).status, status)
  }
})
requirement(65, 'the token is checked before anything else of the request', async (target) => {
  const call = guardedCallOf(target)
  const broken = { ...call, url: `${call.url}?limit=not-a-number` }
  assert.equal((await callGuarded(broken, undefined)).status, 401)
})
requirement(65, '404 only to those who may see the object', async (target) => {
  need(target.promisesTexts, 'documents with addresses of ours')
  const { url, scope } = guardedCallOf(target, 'document_read')
  const call = { url: `${url}/doc_00000000-0000-7000-8000-000000000000`, scope, method: 'GET' }
  assert.equal((await callGuarded(call, undefined)).status, 401)
  assert.equal((await callGuarded(call, bearer(await getToken(target, ['event'])))).status, 403)
  assert.equal((await callGuarded(call, bearer(await getToken(target, [scope])))).status, 404)
})

// RFC 6750 §2.3, widened by us to every answer; RFC 9111 §3.5.
requirement(66, 'answers to authorised calls are private or not stored', async (target) => {
  for (const call of need(target.guarded, 'guarded URLs')) {
    const token = await getToken(target, [call.scope])
    const nothing = { scope: call.scope, url: `${call.url}/nothing`, method: 'GET' }
    for (const answer of [
      await callGuarded(call, bearer(token)),
      await callGuarded(nothing, bearer(token)),
      await callGuarded(call, bearer('a.b.c')),
      await callGuarded(call, undefined),
    ])
      assert.match(answer.headers.get('cache-control') ?? '', /\b(private|no-store)\b/, `${answer.status}`)
  }
})
