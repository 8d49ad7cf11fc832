// Client secrets: RFC 6749 §2.3.1 and §10.10.
import assert from 'node:assert/strict'
import { assertBasicChallenge } from './answer.ts'
import { requirement } from './requirement.ts'
import { need } from './target.ts'
import { basic, postToken } from './token-request.ts'

requirement(38, 'a secret whose time is over is refused like an unknown one', async (target) => {
  const expired = need(target.clients?.expiredSecret, 'an expired secret')
  assertBasicChallenge(await postToken(target, { authorization: basic(expired) }))
})

// RFC 6749 §10.10: a guess succeeds with at most 2^-128, better 2^-160.
requirement(39, 'a made secret has room for 256 random bits and is never made twice', async (target) => {
  const makeClient = need(target.makeClient, 'way to make clients')
  const made = await Promise.all(Array.from({ length: 20 }, () => makeClient()))
  const secrets = [target.client, ...made].map((client) => client.clientSecret)
  assert.equal(new Set(secrets).size, secrets.length)
  for (const secret of secrets) {
    assert.match(secret, /^[A-Za-z0-9_-]+$/)
    // 43 characters of 64 hold 256 bits.
    assert.ok(secret.length >= 43, `${secret.length} characters`)
  }
})
