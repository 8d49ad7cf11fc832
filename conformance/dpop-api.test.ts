// Statements 129 to 132: DPoP (RFC 9449 §7) at the guarded APIs.
import assert from 'node:assert/strict'
import { dpopProof, sha256 } from '../server/testing/dpop.ts'
import type { Answer } from './answer.ts'
import { callBound, freshNonce, getBoundToken, makeDpopKey, seconds, type Wish } from './dpop-requests.ts'
import { sendRaw } from './raw-request.ts'
import { requirement } from './requirement.ts'
import { guardedCallOf, need } from './target.ts'
import { callGuarded, getToken } from './token-request.ts'

const key = makeDpopKey()

// RFC 9449 §11.1.
requirement(129, 'a proof opens one call of an API', async (target) => {
  const call = guardedCallOf(target)
  const token = await getBoundToken(target, key, call.scope)
  const jti = sha256(String(Math.random()))
  assert.ok((await callBound(target, call, token, key, { claims: { jti } })).status < 300)
  assertDpopError(await callBound(target, call, token, key, { claims: { jti } }), 'invalid_dpop_proof')
})

/** RFC 9449 §7.1. */
function assertDpopError({ status, headers, text }: Answer, error: string): void {
  assert.equal(status, 401, text)
  assert.match(headers.get('www-authenticate') ?? '', new RegExp(`^DPoP (.*, )?error="${error}"`))
  assert.match(headers.get('www-authenticate') ?? '', /[ ,]algs="[^"]*\bES256\b[^"]*"/)
}

// RFC 9449 §4.3, §7.1.
requirement(130, 'a bound token with a proof opens each guarded URL', async (target) => {
  for (const call of need(target.guarded, 'guarded URLs')) {
    const answer = await callBound(target, call, await getBoundToken(target, key, call.scope), key)
    assert.ok(answer.status < 300, `${call.url}: ${answer.text}`)
  }
})
const brokenCalls: readonly (readonly [number, string, Wish])[] = [
  [130, 'ath of another token', { claims: { ath: sha256('x') } }],
  [130, 'no ath', { claims: { ath: undefined } }],
  [130, 'an ath of nothing', { claims: { ath: 'x'.repeat(43) } }],
  [130, 'another method', { claims: { htm: 'DELETE' } }],
  [130, 'another address', { claims: { htu: 'https://attacker.example/' } }],
  [130, 'no jti', { claims: { jti: undefined } }],
  [130, 'typ JWT', { header: { typ: 'JWT' } }],
]
for (const [statement, what, wish] of brokenCalls) {
  requirement(statement, `a call with a proof with ${what} is refused`, async (target) => {
    const call = guardedCallOf(target)
    const token = await getBoundToken(target, key, call.scope)
    assertDpopError(await callBound(target, call, token, key, wish), 'invalid_dpop_proof')
  })
}
requirement(130, 'a call with a proof by another key is refused', async (target) => {
  const call = guardedCallOf(target)
  const token = await getBoundToken(target, key, call.scope)
  assertDpopError(await callBound(target, call, token, makeDpopKey()), 'invalid_token')
})
requirement(130, 'a call without proof, and one with two, is refused', async (target) => {
  const call = guardedCallOf(target)
  const token = await getBoundToken(target, key, call.scope)
  assertDpopError(await callGuarded(call, `DPoP ${token}`), 'invalid_dpop_proof')
  const proof = () =>
    dpopProof(key, { htm: call.method, htu: call.url, iat: seconds(target), ath: sha256(token) })
  const answer = await sendRaw(call.url, {
    method: call.method,
    headers: [
      ['Authorization', `DPoP ${token}`],
      ['DPoP', proof()],
      ['DPoP', proof()],
    ],
  })
  assertDpopError(answer, 'invalid_dpop_proof')
})
requirement(130, 'a token that is not bound opens nothing as a DPoP token', async (target) => {
  need(target.metadata.dpop_signing_alg_values_supported, 'DPoP in its metadata')
  const call = guardedCallOf(target)
  const token = await getToken(target, [call.scope])
  assertDpopError(await callBound(target, call, token, key), 'invalid_token')
})

// RFC 9449 §7.2.
requirement(
  131,
  'a bound token sent as a bearer token is refused, with a proof and without',
  async (target) => {
    const call = guardedCallOf(target)
    const token = await getBoundToken(target, key, call.scope)
    for (const answer of [
      await callGuarded(call, `Bearer ${token}`),
      await callBound(target, call, token, key, {}, 'Bearer'),
    ]) {
      assert.equal(answer.status, 401, answer.text)
      assert.match(answer.headers.get('www-authenticate') ?? '', /error="invalid_token"/)
    }
  },
)

// RFC 9449 §9.
requirement(132, 'an API that wants nonces answers 401 use_dpop_nonce with one', async (target) => {
  need(await freshNonce(target), 'nonces')
  const call = guardedCallOf(target)
  const token = await getBoundToken(target, key, call.scope)
  const claims = { htm: call.method, htu: call.url, iat: seconds(target), ath: sha256(token) }
  const first = await callGuarded(call, `DPoP ${token}`, { dpop: dpopProof(key, claims) })
  assertDpopError(first, 'use_dpop_nonce')
  const nonce = first.headers.get('dpop-nonce')
  const second = await callGuarded(call, `DPoP ${token}`, { dpop: dpopProof(key, { ...claims, nonce }) })
  assert.ok(second.status < 300, second.text)
})
