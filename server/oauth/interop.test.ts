// Clients of others, with their own reading of the RFCs, over a real port.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as oauth from 'oauth4webapi'
import * as openid from 'openid-client'
import { createWorld } from '../testing/world.ts'

test('oauth4webapi discovers the metadata, gets a token and accepts it as RFC 9068 says', async () => {
  const world = await createWorld()
  await world.listen()
  const { clientId, clientSecret } = await world.makeClient()
  const insecure = { [oauth.allowInsecureRequests]: true }
  const issuer = new URL(`${world.url}/oauth`)
  const server = await oauth.processDiscoveryResponse(
    issuer,
    await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure }),
  )
  assert.equal(server.token_endpoint, `${world.url}/oauth/connect/token`)
  const client = { client_id: clientId }
  const response = await oauth.clientCredentialsGrantRequest(
    server,
    client,
    oauth.ClientSecretBasic(clientSecret),
    { scope: 'document_read event' },
    insecure,
  )
  const answer = await oauth.processClientCredentialsResponse(server, client, response)
  assert.deepEqual(
    [answer.token_type, answer.expires_in, answer.scope],
    ['bearer', 3600, 'document_read event'],
  )

  // Its own guard reads the clock of today, so the token of the frozen clock is checked at that time.
  const skew = Math.round((world.clock.now() - Date.now()) / 1000)
  const request = new Request(`${world.url}/signature/documents`, {
    headers: { authorization: `Bearer ${answer.access_token}` },
  })
  const claims = await oauth.validateJwtAccessToken(server, request, `${world.url}/test`, {
    ...insecure,
    [oauth.clockSkew]: skew,
  })
  assert.deepEqual([claims.client_id, claims.sub, claims.environment], [clientId, clientId, 'test'])

  const refused = await oauth.clientCredentialsGrantRequest(
    server,
    client,
    oauth.ClientSecretBasic('wrong'),
    {},
    insecure,
  )
  await assert.rejects(
    oauth.processClientCredentialsResponse(server, client, refused),
    (error) =>
      error instanceof oauth.WWWAuthenticateChallengeError ||
      (error instanceof oauth.ResponseBodyError && error.error === 'invalid_client'),
  )
  await world.close()
})

test('openid-client discovers the server by either address and calls an API with its token', async () => {
  const world = await createWorld()
  await world.listen()
  const { clientId, clientSecret } = await world.makeClient()
  for (const algorithm of ['oauth2', 'oidc'] as const) {
    const config = await openid.discovery(
      new URL(`${world.url}/oauth`),
      clientId,
      undefined,
      openid.ClientSecretBasic(clientSecret),
      {
        algorithm,
        execute: [openid.allowInsecureRequests],
      },
    )
    const tokens = await openid.clientCredentialsGrant(config, { scope: 'document_read' })
    const answer = await openid.fetchProtectedResource(
      config,
      tokens.access_token,
      new URL(`${world.url}/signature/documents`),
      'GET',
    )
    assert.deepEqual(await answer.json(), { items: [], nextCursor: null })
  }
  await world.close()
})
