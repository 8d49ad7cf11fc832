// Protected resource metadata: RFC 9728.
import assert from 'node:assert/strict'
import { challengeOf, readAnswer } from './answer.ts'
import { decodeToken } from './jwt.ts'
import { requirement } from './requirement.ts'
import { guardedCallOf, need, type Target } from './target.ts'
import { callGuarded, getToken } from './token-request.ts'

async function metadataOf(target: Target, authorization: string | undefined) {
  const { resource_metadata: url } = challengeOf(await callGuarded(guardedCallOf(target), authorization))
  const answer = await readAnswer(await fetch(need(url, 'resource_metadata in its challenge')))
  assert.equal(answer.status, 200)
  return { url: url ?? '', body: answer.body }
}

// RFC 9728 §2 and §5.1.
requirement(103, 'the challenge of a guarded API leads to its metadata', async (target) => {
  const { body } = await metadataOf(target, undefined)
  assert.deepEqual(body.authorization_servers, [target.issuer])
  assert.ok(
    Array.isArray(body.scopes_supported) && body.scopes_supported.includes(guardedCallOf(target).scope),
  )
  assert.deepEqual(body.bearer_methods_supported, ['header'])
})

// RFC 9728 §3.3: the resource and the address of its metadata belong together.
requirement(103, 'the address is made from the resource', async (target) => {
  const { url, body } = await metadataOf(target, undefined)
  const resource = new URL(String(body.resource))
  assert.equal(new URL(url).origin, resource.origin)
  assert.equal(
    new URL(url).pathname,
    `/.well-known/oauth-protected-resource${resource.pathname === '/' ? '' : resource.pathname}`,
  )
})

requirement(
  103,
  'a test token is led to the audience of the test environment, nobody else is',
  async (target) => {
    const { test, production } = need(target.audiences, 'two audiences')
    const token = await getToken(target, [guardedCallOf(target).scope])
    assert.deepEqual([decodeToken(token).claims.aud].flat(), [test])
    const broken = `Bearer ${token.slice(0, -6)}AAAAAA`
    assert.equal((await metadataOf(target, broken)).body.resource, test)
    for (const authorization of [undefined, 'Bearer nonsense'])
      assert.equal((await metadataOf(target, authorization)).body.resource, production)
  },
)
