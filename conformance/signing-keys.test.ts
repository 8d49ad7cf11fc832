// Signing keys: published before they sign and as long as their tokens live, withdrawn at once when one got out.
import assert from 'node:assert/strict'
import { createPrivateKey } from 'node:crypto'
import { asObject, assertBearerError, assertError, readAnswer } from './answer.ts'
import { createCachingGuard } from './caching-guard.ts'
import { decodeToken } from './jwt.ts'
import { requirement } from './requirement.ts'
import { guardedCallOf, type Json, need, type Target } from './target.ts'
import { callGuarded, getToken, postToken } from './token-request.ts'

const minute = 60_000
const day = 24 * 60 * minute
/** The longest token, the skew that guards allow, and how long keys may be cached (RFC 9111 §5.2.2.1). */
const afterLife = day + 30_000 + 300_000

async function fetchKeys(target: Target): Promise<Json[]> {
  const { keys } = (await readAnswer(await fetch(target.jwksUri))).body
  assert.ok(Array.isArray(keys))
  return keys.map(asObject)
}

async function publishedIds(target: Target): Promise<unknown[]> {
  return (await fetchKeys(target)).map((key) => key.kid)
}

const keyIdOf = (token: string): unknown => decodeToken(token).header.kid

function control(target: Target) {
  return {
    keys: need(target.keys, 'signing keys in hand'),
    advance: need(target.advanceClock, 'clock that the suite can move'),
  }
}

// Our choice: an unsigned token is worse than none.
requirement(57, 'without a signing key: 503 with Retry-After, never an unsigned token', async (target) => {
  const restore = await control(target).keys.lose()
  const answer = await postToken(target)
  await restore()
  assertError(answer, 503, 'temporarily_unavailable')
  assert.match(answer.headers.get('retry-after') ?? '', /^\d+$/)
  assert.equal((await postToken(target)).status, 200)
})

// Our choice: whoever fetches the keys once a day, or has them cached, knows the next one in time.
requirement(
  106,
  'by schedule a key is published a day before it signs, and until its last token is over',
  async (target) => {
    const { keys, advance } = control(target)
    const old = keyIdOf(await getToken(target))
    const before = await publishedIds(target)
    advance(89 * day)
    await keys.runPeriodicWork()
    const [added, ...more] = (await publishedIds(target)).filter((kid) => !before.includes(kid))
    assert.deepEqual([typeof added, more], ['string', []])
    advance(day - 1000)
    await keys.runPeriodicWork()
    assert.equal(keyIdOf(await getToken(target)), old)
    advance(1000)
    assert.equal(keyIdOf(await getToken(target)), added)
    advance(afterLife - 1)
    await keys.runPeriodicWork()
    assert.ok((await publishedIds(target)).includes(old))
    advance(1)
    assert.equal((await publishedIds(target)).includes(old), false)
  },
)
requirement(
  106,
  'at the operator’s wish it signs after twice the time that keys may be cached',
  async (target) => {
    const { keys, advance } = control(target)
    const old = keyIdOf(await getToken(target))
    const before = await publishedIds(target)
    await keys.rotate('now')
    const added = (await publishedIds(target)).filter((kid) => !before.includes(kid))
    assert.equal(added.length, 1)
    advance(10 * minute - 1)
    assert.equal(keyIdOf(await getToken(target)), old)
    advance(1)
    assert.deepEqual([keyIdOf(await getToken(target))], added)
  },
)

// RFC 7517 §4, §9; RFC 7518 §6.
for (const [algorithm, members] of [
  ['EdDSA', ['alg', 'crv', 'kid', 'kty', 'use', 'x']],
  ['RS256', ['alg', 'e', 'kid', 'kty', 'n', 'use']],
  ['ES256', ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']],
] as const) {
  requirement(104, `a key for ${algorithm} has its public members and no others`, async (target) => {
    const { keys, advance } = control(target)
    await keys.rotate('now', algorithm)
    advance(10 * minute)
    const { header } = decodeToken(await getToken(target))
    const jwk = asObject((await fetchKeys(target)).find((key) => key.kid === header.kid))
    assert.deepEqual([header.alg, jwk.alg, Object.keys(jwk).sort()], [algorithm, algorithm, members])
  })
}

// Our choice: RFC 9068 §4 lets a resource server cache the keys; that must never cost a call.
for (const mode of ['scheduled', 'now'] as const) {
  requirement(
    107,
    `guards that cache as long as they may refuse no call during a rotation (${mode})`,
    async (target) => {
      const { keys, advance } = control(target)
      const { issuer, now } = target
      const audiences = need(target.audiences, 'audiences')
      const scope = target.client.scopes[0] ?? ''
      const options = { issuer, audiences, now, fetchKeys: () => fetchKeys(target) }
      // The second one is behind a cache that is as old as it may be when the guard asks it.
      const guards = [300_000, 599_999].map((maxAgeMs) => createCachingGuard({ ...options, maxAgeMs }))
      const signers = new Set<unknown>()
      let token = await getToken(target)
      for (let step = 0; step < 400; step += 1) {
        if (step === 10) await keys.rotate(mode)
        advance(4 * minute)
        // It lives an hour: asked for again when half of it is over.
        if (step % 8 === 0) token = await getToken(target)
        signers.add(keyIdOf(token))
        for (const guard of guards) await guard.check(`Bearer ${token}`, scope)
      }
      assert.equal(signers.size, 2)
    },
  )
}

// Our choice: a key that got out is worth nothing from now on.
requirement(
  108,
  'in an emergency the new key signs, and the tokens of the old one are refused at once',
  async (target) => {
    const { keys } = control(target)
    const call = guardedCallOf(target)
    const token = await getToken(target, [call.scope])
    // Twice, so that a guard which remembers tokens does.
    for (let times = 0; times < 2; times += 1)
      assert.ok((await callGuarded(call, `Bearer ${token}`)).status < 300)
    const startedAt = performance.now()
    await keys.rotate('emergency')
    assertBearerError(await callGuarded(call, `Bearer ${token}`), 401, 'invalid_token')
    assert.ok(performance.now() - startedAt < 5000)
    const next = await getToken(target, [call.scope])
    assert.ok((await callGuarded(call, `Bearer ${next}`)).status < 300)
    assert.deepEqual(await publishedIds(target), [keyIdOf(next)])
  },
)

// Our choice: a backup that got out signs nothing.
requirement(110, 'nothing in the database is a private key', async (target) => {
  const { keys } = control(target)
  for (const algorithm of ['ES256', 'EdDSA', 'RS256'] as const) await keys.rotate('now', algorithm)
  const values = await keys.dump()
  const published = await publishedIds(target)
  assert.ok(
    published.every((kid) => values.includes(String(kid))),
    'the keys are in it',
  )
  for (const value of values) {
    assert.doesNotMatch(value, /PRIVATE KEY|"(d|p|q|dp|dq|qi|k)"\s*:/)
    for (const part of value.split(/[^A-Za-z0-9+/_=-]/))
      for (const encoding of ['base64', 'hex'] as const) {
        const key = Buffer.from(part, encoding)
        if (key.length < 32) continue
        for (const type of ['pkcs8', 'pkcs1', 'sec1'] as const)
          assert.throws(() => createPrivateKey({ key, format: 'der', type }), 'a private key as DER')
      }
  }
})
