// Every method that clients of others have, over a real port: their reading of the RFCs, not ours.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OAuth2Client } from '@badgateway/oauth2-client'
import { exportJWK, generateKeyPair } from 'jose'
import * as oauth from 'oauth4webapi'
import * as openid from 'openid-client'
import type { AuthenticationMethodName } from '../clients/client.ts'
import { createWorld, type TestClient, type World } from '../testing/world.ts'

const algorithms = ['ES256', 'Ed25519', 'RS256', 'PS256'] as const

async function startWorld(): Promise<World> {
  const world = await createWorld()
  // These clients read the clock of today when they sign.
  world.clock.advance(Date.now() - world.clock.now())
  await world.listen()
  return world
}

async function makeClient(
  world: World,
  method: AuthenticationMethodName,
  publicKey?: CryptoKey,
): Promise<TestClient> {
  const jwks = publicKey ? { keys: [{ ...(await exportJWK(publicKey)), kid: 'one' }] } : null
  return world.makeClient({ set: { authenticationMethods: [method], jwks } })
}

function assertScope(scope: unknown): void {
  assert.equal(scope, 'document_read')
}

async function useOauth4webapi(
  world: World,
  clientId: string,
  authentication: oauth.ClientAuth,
): Promise<void> {
  const issuer = new URL(`${world.url}/oauth`)
  const insecure = { [oauth.allowInsecureRequests]: true }
  const server = await oauth.processDiscoveryResponse(
    issuer,
    await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure }),
  )
  const client = { client_id: clientId }
  const parameters = { scope: 'document_read' }
  const response = await oauth.clientCredentialsGrantRequest(
    server,
    client,
    authentication,
    parameters,
    insecure,
  )
  assertScope((await oauth.processClientCredentialsResponse(server, client, response)).scope)
}

async function useOpenidClient(
  world: World,
  clientId: string,
  authentication: openid.ClientAuth,
): Promise<void> {
  const options: openid.DiscoveryRequestOptions = {
    algorithm: 'oauth2',
    execute: [openid.allowInsecureRequests],
  }
  const issuer = new URL(`${world.url}/oauth`)
  const config = await openid.discovery(issuer, clientId, undefined, authentication, options)
  assertScope((await openid.clientCredentialsGrant(config, { scope: 'document_read' })).scope)
}

test('oauth4webapi and openid-client get tokens by client_secret_basic and client_secret_post', async () => {
  const world = await startWorld()
  for (const [method, theirs, others] of [
    ['client_secret_basic', oauth.ClientSecretBasic, openid.ClientSecretBasic],
    ['client_secret_post', oauth.ClientSecretPost, openid.ClientSecretPost],
  ] as const) {
    const { clientId, clientSecret } = await makeClient(world, method)
    await useOauth4webapi(world, clientId, theirs(clientSecret))
    await useOpenidClient(world, clientId, others(clientSecret))
  }
  await world.close()
})

for (const algorithm of algorithms) {
  test(`oauth4webapi and openid-client get tokens by private_key_jwt with ${algorithm}`, async () => {
    const world = await startWorld()
    const { publicKey, privateKey } = await generateKeyPair(algorithm)
    const { clientId } = await makeClient(world, 'private_key_jwt', publicKey)
    for (const key of [privateKey, { key: privateKey, kid: 'one' }]) {
      await useOauth4webapi(world, clientId, oauth.PrivateKeyJwt(key))
      await useOpenidClient(world, clientId, openid.PrivateKeyJwt(key))
    }
    await world.close()
  })
}

for (const method of ['client_secret_basic', 'client_secret_post'] as const) {
  test(`@badgateway/oauth2-client gets a token by ${method}`, async () => {
    const world = await startWorld()
    const { clientId, clientSecret } = await makeClient(world, method)
    const client = new OAuth2Client({
      server: world.url,
      discoveryEndpoint: '/.well-known/oauth-authorization-server/oauth',
      clientId,
      clientSecret,
      authenticationMethod: method,
    })
    const { accessToken } = await client.clientCredentials({ scope: ['document_read'] })
    const answer = await fetch(`${world.url}/signature/documents`, {
      headers: { authorization: `Bearer ${accessToken}` },
    })
    assert.equal(answer.status, 200)
    await world.close()
  })
}
