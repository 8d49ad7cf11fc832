// Resource indicators: RFC 8707.
import assert from 'node:assert/strict'
import { assertError, shown } from './answer.ts'
import { decodeToken } from './jwt.ts'
import { requirement } from './requirement.ts'
import { need, type Target } from './target.ts'
import { basic, postToken, requestBody } from './token-request.ts'

function twoApis(target: Target) {
  const client = need(target.clients?.tenScopes, 'a client with scopes of two APIs')
  const [one, other] = need(target.resources, 'two APIs')
  return { client, one: need(one, 'an API'), other: need(other, 'a second API') }
}

const ask = (target: Target, scopes: readonly string[], resources: readonly string[]) => {
  const { client } = twoApis(target)
  const body = [
    requestBody(...scopes),
    ...resources.map((resource) => `resource=${encodeURIComponent(resource)}`),
  ].join('&')
  return postToken(target, { authorization: basic(client), body })
}

// RFC 8707 §2.2.
requirement(71, 'scopes of two APIs with one resource give a token for that API alone', async (target) => {
  const { one, other } = twoApis(target)
  const answer = await ask(target, [one.scope, other.scope], [one.audience])
  assert.equal(answer.status, 200, shown(answer))
  const { claims } = decodeToken(String(answer.body.access_token))
  assert.deepEqual([claims.aud, claims.scope, answer.body.scope], [one.audience, one.scope, one.scope])
})
requirement(71, 'when no scope belongs to the resource: 400 invalid_scope', async (target) => {
  const { one, other } = twoApis(target)
  assertError(await ask(target, [one.scope], [other.audience]), 400, 'invalid_scope')
})
requirement(71, 'both resources give both audiences and both scopes', async (target) => {
  const { one, other } = twoApis(target)
  const answer = await ask(target, [one.scope, other.scope], [one.audience, other.audience])
  const { claims } = decodeToken(String(answer.body.access_token))
  assert.deepEqual(new Set([claims.aud].flat()), new Set([one.audience, other.audience]))
})
