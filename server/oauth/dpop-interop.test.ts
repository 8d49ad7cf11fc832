// DPoP by clients of others, with their own reading of RFC 9449, over a real port: nonces and all.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as oauth from 'oauth4webapi'
import * as openid from 'openid-client'
import { createWorld, type World } from '../testing/world.ts'

/** Their proofs say today; the server's clock stands at another time. */
function skewOf(world: World): number {
  return Math.round((world.clock.now() - Date.now()) / 1000)
}

for (const algorithm of ['ES256', 'Ed25519', 'RS256', 'PS256']) {
  test(`oauth4webapi gets and uses a token that is bound to a key for ${algorithm}`, async () => {
    const world = await createWorld()
    await world.listen()
    const { clientId, clientSecret } = await world.makeClient()
    const insecure = { [oauth.allowInsecureRequests]: true }
    const issuer = new URL(`${world.url}/oauth`)
    const server = await oauth.processDiscoveryResponse(
      issuer,
      await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure }),
    )
    assert.ok(server.dpop_signing_alg_values_supported?.includes(algorithm))
    const client = { client_id: clientId, [oauth.clockSkew]: skewOf(world) }
    const dpop = oauth.DPoP(client, await oauth.generateKeyPair(algorithm))
    const request = () =>
      oauth.clientCredentialsGrantRequest(
        server,
        client,
        oauth.ClientSecretBasic(clientSecret),
        { scope: 'document_read' },
        { DPoP: dpop, ...insecure },
      )
    const process = async () => oauth.processClientCredentialsResponse(server, client, await request())
    // The first answer brings the nonce, which the handle keeps.
    await assert.rejects(process(), (error) => oauth.isDPoPNonceError(error))
    const answer = await process()
    assert.equal(answer.token_type, 'dpop')
    for (let round = 0; round < 3; round += 1) {
      const response = await oauth.protectedResourceRequest(
        answer.access_token,
        'GET',
        new URL(`${world.url}/signature/documents?limit=5`),
        undefined,
        undefined,
        { DPoP: dpop, ...insecure },
      )
      assert.equal(response.status, 200)
      await response.body?.cancel()
    }
    await world.close()
  })
}

test('openid-client does the whole dance by itself', async () => {
  const world = await createWorld()
  await world.listen()
  const { clientId, clientSecret } = await world.makeClient({ set: { dpopBound: true } })
  const config = await openid.discovery(
    new URL(`${world.url}/oauth`),
    clientId,
    { [openid.clockSkew]: skewOf(world), dpop_bound_access_tokens: true },
    openid.ClientSecretBasic(clientSecret),
    { algorithm: 'oauth2', execute: [openid.allowInsecureRequests] },
  )
  const handle = openid.getDPoPHandle(config, await openid.randomDPoPKeyPair('ES256'))
  const tokens = await openid.clientCredentialsGrant(config, { scope: 'document_read' }, { DPoP: handle })
  assert.equal(tokens.token_type, 'dpop')
  const url = new URL(`${world.url}/signature/documents`)
  const call = (DPoP?: openid.DPoPHandle) =>
    openid.fetchProtectedResource(
      config,
      tokens.access_token,
      url,
      'GET',
      undefined,
      undefined,
      DPoP && { DPoP },
    )
  assert.deepEqual(await (await call(handle)).json(), { items: [], nextCursor: null })
  const stranger = openid.getDPoPHandle(config, await openid.randomDPoPKeyPair('ES256'))
  await assert.rejects(call(stranger), (error) => error instanceof openid.WWWAuthenticateChallengeError)
  await world.close()
})
