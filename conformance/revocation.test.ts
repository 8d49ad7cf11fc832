// Revocation: RFC 7009.
import assert from 'node:assert/strict'
import { assertBasicChallenge, assertBearerError, assertError, shown } from './answer.ts'
import { requirement } from './requirement.ts'
import { guardedCallOf, need, type Target } from './target.ts'
import { postIntrospection, postRevocation } from './token-endpoints.ts'
import { callGuarded, getToken } from './token-request.ts'

async function isAccepted(target: Target, token: string): Promise<boolean> {
  const answer = await callGuarded(guardedCallOf(target), `Bearer ${token}`)
  if (answer.status === 401) assertBearerError(answer, 401, 'invalid_token')
  return answer.status !== 401
}

const tokenFor = (target: Target) => getToken(target, [guardedCallOf(target).scope])

// RFC 7009 §2.2.
requirement(79, 'revoking a token gives 200, an empty body, not stored', async (target) => {
  const answer = await postRevocation(target, { form: { token: await tokenFor(target) } })
  assert.deepEqual([answer.status, answer.text], [200, ''], shown(answer))
  assert.equal(answer.headers.get('cache-control'), 'no-store')
})

// RFC 7009 §2.2: an invalid token is not an error.
for (const [what, token] of [
  ['an unknown token', 'eyJhbGciOiJFUzI1NiJ9.e30.AAAA'],
  ['nonsense', 'nonsense'],
] as const) {
  requirement(80, `revoking ${what} gives 200`, async (target) => {
    assert.equal((await postRevocation(target, { form: { token } })).status, 200)
  })
}
requirement(80, 'revoking a token twice gives 200', async (target) => {
  const form = { token: await tokenFor(target) }
  await postRevocation(target, { form })
  assert.equal((await postRevocation(target, { form })).status, 200)
})

// RFC 7009 §2.1.
requirement(81, "another client's token is refused and stays valid", async (target) => {
  const other = need(target.clients?.tenScopes, 'a second client')
  const token = await tokenFor(target)
  const answer = await postRevocation(target, { form: { token }, client: other })
  assert.ok(answer.status === 400 || answer.status === 401, shown(answer))
  assert.equal(await isAccepted(target, token), true)
})

requirement(82, 'a missing token gives 400 invalid_request', async (target) => {
  assertError(await postRevocation(target, { form: {} }), 400, 'invalid_request')
})
for (const hint of ['refresh_token', 'nonsense']) {
  requirement(82, `the token_type_hint ${hint} is harmless`, async (target) => {
    const token = await tokenFor(target)
    assert.equal((await postRevocation(target, { form: { token, token_type_hint: hint } })).status, 200)
    assert.equal(await isAccepted(target, token), false)
  })
}

requirement(83, 'bad client authentication gives 401 and revokes nothing', async (target) => {
  const token = await tokenFor(target)
  assertBasicChallenge(
    await postRevocation(target, { form: { token }, client: { ...target.client, clientSecret: 'wrong' } }),
  )
  assertBasicChallenge(await postRevocation(target, { form: { token }, client: null }))
  assert.equal(await isAccepted(target, token), true)
})
requirement(83, 'GET gives 405', async (target) => {
  const answer = await postRevocation(target, { form: {}, method: 'GET' })
  assert.deepEqual([answer.status, answer.headers.get('allow')], [405, 'POST'])
})

requirement(84, 'a revoked token is refused by the guard and by introspection at once', async (target) => {
  const token = await tokenFor(target)
  assert.equal(await isAccepted(target, token), true)
  await postRevocation(target, { form: { token } })
  assert.equal(await isAccepted(target, token), false)
  assert.deepEqual((await postIntrospection(target, { form: { token } })).body, { active: false })
})
