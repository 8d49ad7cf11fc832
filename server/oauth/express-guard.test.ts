// Auth0's guard for Express, in strict mode: an independent reading of RFC 9068.
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import express from 'express'
import { auth, requiredScopes } from 'express-oauth2-jwt-bearer'
import { createWorld, testStart } from '../testing/world.ts'

test("Auth0's express-oauth2-jwt-bearer accepts our tokens in strict mode, and refuses a missing scope", async () => {
  const world = await createWorld()
  // It reads the real clock.
  world.clock.advance(Date.now() - testStart)
  await world.listen()
  const app = express()
  const options = {
    issuer: `${world.url}/oauth`,
    audience: `${world.url}/test`,
    jwksUri: `${world.url}/oauth/jwks`,
    tokenSigningAlg: 'ES256',
    strict: true,
  }
  app.get('/orders', auth(options), requiredScopes('event'), (request, response) => {
    response.json({ client: request.auth?.payload.client_id })
  })
  const api = app.listen(0, '127.0.0.1')
  await once(api, 'listening')
  const address = api.address()
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/orders`
  const client = await world.makeClient()
  const call = async (scope: string) =>
    fetch(url, { headers: { authorization: `Bearer ${await world.token([scope], client)}` } })
  const accepted = await call('event')
  assert.deepEqual([accepted.status, await accepted.json()], [200, { client: client.clientId }])
  assert.equal((await call('identify')).status, 403)
  api.close()
  await world.close()
})
