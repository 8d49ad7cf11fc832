// Error answers of the token endpoint: RFC 6749 §5.2.
import assert from 'node:assert/strict'
import { type Answer, assertError } from './answer.ts'
import { tokenRefusals } from './refusal-texts.ts'
import { requirement } from './requirement.ts'
import { need, type Target } from './target.ts'
import { basic, grantBody, postToken, rawBasic, requestBody, type TokenPost } from './token-request.ts'

/** RFC 6749 §5.2: what a description may be made of. */
export const descriptionPattern = /^[\x20-\x21\x23-\x5B\x5D-\x7E]+$/

/** Every kind of refusal that a caller can bring about. */
const refusals: readonly (readonly [what: string, post: TokenPost])[] = [
  ['another method', { method: 'GET', body: null }],
  ['another type', { contentType: 'application/json', body: '{}' }],
  ['a type that is none', { contentType: 'nonsense' }],
  ['a broken escape', { body: '%zz' }],
  ['a repeated parameter', { body: 'a=1&a=1' }],
  ['no body', { body: null }],
  ['no authentication', { authorization: null }],
  ['a wrong secret', { authorization: rawBasic('a:b') }],
  ['another grant', { body: 'grant_type=x' }],
  ['an illegal scope', { body: `${grantBody}&scope=%22` }],
  ['an unknown scope', { body: requestBody('no_such_scope') }],
  ['a body that is too large', { body: 'x'.repeat(20_000) }],
  ['a secret in the address', { query: '?client_secret=x' }],
]

// RFC 6749 §5.2: error, error_description, error_uri and their characters.
function assertWellFormed({ text, headers, body }: Answer): void {
  assert.match(headers.get('content-type') ?? '', /^application\/json(;|$)/, text)
  assert.deepEqual(Object.keys(body).sort(), ['error', 'error_description', 'error_uri'], text)
  assert.match(String(body.error), /^[a-z_]+$/)
  assert.match(String(body.error_description), descriptionPattern)
  assert.match(String(body.error_uri), /^[\x21\x23-\x5B\x5D-\x7E]+$/)
}

for (const [what, post] of refusals) {
  requirement(54, `the refusal of ${what} is JSON with legal members`, async (target) => {
    const answer = await postToken(target, post)
    assert.ok(answer.status >= 400 && answer.status < 500, `${answer.status}`)
    assertWellFormed(answer)
  })
}

// Our promise: each refusal says how to mend it, in these words, within 240 characters.
for (const [name, post, text] of tokenRefusals) {
  requirement(54, `${name} is answered word for word`, async (target) => {
    need(target.promisesTexts, 'promise of our texts')
    const { body } = await postToken(target, post(target))
    assert.equal(body.error_description, text.replace('UNGRANTED', target.ungrantedScope ?? ''))
    assert.ok(text.length <= 240)
  })
}

/** Legal and illegal, so that nothing escapes by being refused early. */
const canary = 'canary8417'
for (const [what, post] of [
  ['a client id', { authorization: rawBasic(`${canary}:x`) }],
  ['a secret', { authorization: rawBasic(`x:${canary}`) }],
  ['an Authorization header', { authorization: `Basic ${canary}!` }],
  ['a scheme', { authorization: `${canary} x` }],
  ['a grant type', { body: `grant_type=${canary}` }],
  ['a parameter name', { body: `${canary}=1&${canary}=2` }],
  ['a broken body', { body: `${canary}%zz` }],
  ['a Content-Type', { contentType: `text/${canary}` }],
  ['a scope with an illegal character', { body: `${grantBody}&scope=${canary}%22` }],
  ['a scope from a stranger', { authorization: null, body: requestBody(canary) }],
  ['a client_id in the body', { body: `${requestBody('x')}&client_id=${canary}` }],
  ['the address', { query: `?client_secret=${canary}` }],
] as const) {
  // RFC 6749 §10.16 and §5.2: what was sent is never repeated.
  requirement(55, `${what} is never echoed`, async (target) => {
    const answer = await postToken(target, post)
    assert.ok(answer.status >= 400 && answer.status < 500)
    assert.equal((answer.text + JSON.stringify([...answer.headers])).includes(canary), false, answer.text)
  })
}

requirement(
  55,
  'an authenticated client is told an unknown scope of at most 64 characters',
  async (target) => {
    const named = await postToken(target, { body: requestBody(canary.padEnd(64, 'x')) })
    assertError(named, 400, 'invalid_scope')
    assert.ok(String(named.body.error_description).includes(canary.padEnd(64, 'x')))
    const long = await postToken(target, { body: requestBody(canary.padEnd(65, 'x')) })
    assertError(long, 400, 'invalid_scope')
    assert.equal(long.text.includes(canary), false)
  },
)
requirement(55, 'an unknown scope that is longer gets the text for it', async (target) => {
  need(target.promisesTexts, 'promise of our texts')
  const { body } = await postToken(target, { body: requestBody('x'.repeat(65)) })
  assert.equal(body.error_description, 'Unknown scope. All scopes: /docs/scopes')
})

const scopeRefusals: readonly (readonly [string, (target: Target) => TokenPost])[] = [
  [
    'a scope that was not given',
    (target) => ({ body: requestBody(need(target.ungrantedScope, 'such scope')) }),
  ],
  [
    'a client without scopes',
    ({ clients }) => ({ authorization: basic(need(clients?.withoutScopes, 'client without scopes')) }),
  ],
]
const linked = [...refusals.map(([what, post]) => [what, () => post] as const), ...scopeRefusals]
for (const [what, post] of linked) {
  // RFC 6749 §5.2: error_uri is a page for people.
  requirement(55, `error_uri of ${what} is on our host and answers 200`, async (target) => {
    const { body } = await postToken(target, post(target))
    const uri = new URL(String(body.error_uri))
    assert.equal(uri.origin, new URL(target.issuer).origin)
    assert.equal((await fetch(uri)).status, 200)
  })
}

/** RFC 6749 §5.2, RFC 8707 §2, RFC 9449 §5 and §8, and our own for 429 and 503. */
export const knownCodes = new Set([
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
  'invalid_target',
  'use_dpop_nonce',
  'invalid_dpop_proof',
  'rate_limited',
  'temporarily_unavailable',
])
for (const [what, post] of refusals) {
  requirement(56, `the code for ${what} is a known one`, async (target) => {
    const { status, headers, body } = await postToken(target, post)
    assert.ok(knownCodes.has(String(body.error)), String(body.error))
    const ours = body.error === 'rate_limited' || body.error === 'temporarily_unavailable'
    assert.equal(ours, status === 429 || status === 503)
    if (ours) assert.ok(headers.has('retry-after'))
  })
}
