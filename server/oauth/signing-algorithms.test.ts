// Tokens of each algorithm, read by our guard and by verifiers of others.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createGuard } from '@latchkey/guard'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import * as oauth from 'oauth4webapi'
import { createWorld } from '../testing/world.ts'

const members = {
  ES256: ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'],
  EdDSA: ['alg', 'crv', 'kid', 'kty', 'use', 'x'],
  RS256: ['alg', 'e', 'kid', 'kty', 'n', 'use'],
}

for (const algorithm of ['ES256', 'EdDSA', 'RS256'] as const) {
  test(`a token signed by ${algorithm} is accepted by our APIs, our guard elsewhere, jose and oauth4webapi`, async () => {
    const world = await createWorld()
    await world.listen()
    const { id: kid } = await world.app.rotation.rotate('emergency', algorithm)
    await world.app.changes.poll()
    const token = await world.token(['document_read'])
    const headers = { authorization: `Bearer ${token}` }
    assert.equal((await world.inject({ url: '/signature/documents', headers })).statusCode, 200)

    const issuer = `${world.url}/oauth`
    const audience = `${world.url}/test`
    const guard = createGuard({ issuer, audiences: { test: audience }, now: world.clock.now })
    assert.deepEqual((await guard.check(headers.authorization, 'document_read')).scopes, ['document_read'])

    const currentDate = new Date(world.clock.now())
    const keySet = createRemoteJWKSet(new URL(`${issuer}/jwks`))
    const { protectedHeader } = await jwtVerify(token, keySet, {
      issuer,
      audience,
      typ: 'at+jwt',
      currentDate,
    })
    assert.deepEqual(protectedHeader, { alg: algorithm, typ: 'at+jwt', kid })

    const insecure = { [oauth.allowInsecureRequests]: true }
    const discovery = await oauth.discoveryRequest(new URL(issuer), { algorithm: 'oauth2', ...insecure })
    const server = await oauth.processDiscoveryResponse(new URL(issuer), discovery)
    const request = new Request(`${world.url}/signature/documents`, { headers })
    const skew = Math.round((world.clock.now() - Date.now()) / 1000)
    const options = { ...insecure, [oauth.clockSkew]: skew, signingAlgorithms: [algorithm] }
    assert.equal((await oauth.validateJwtAccessToken(server, request, audience, options)).iss, issuer)

    const [jwk, ...more] = (await world.inject({ url: '/oauth/jwks' })).json().keys
    assert.deepEqual([Object.keys(jwk).sort(), more], [members[algorithm], []])
    assert.deepEqual([jwk.kid, jwk.alg, jwk.use], [kid, algorithm, 'sig'])
    if (algorithm === 'RS256') assert.equal(Buffer.from(jwk.n, 'base64url').length * 8, 3072)
    await world.close()
  })
}

test('the next key has the algorithm of the one before it, unless another is asked for', async () => {
  const world = await createWorld()
  const rotated = []
  for (const wish of [undefined, 'EdDSA', undefined, 'ES256'] as const)
    rotated.push((await world.app.rotation.rotate('emergency', wish)).algorithm)
  assert.deepEqual(rotated, ['ES256', 'EdDSA', 'EdDSA', 'ES256'])
  await world.close()
})
