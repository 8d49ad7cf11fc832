// A client has the credentials and methods that it is set up for: RFC 6749 §4.4, RFC 7591 §2.
import { assertBasicChallenge } from './answer.ts'
import { requirement } from './requirement.ts'
import { need } from './target.ts'
import { basic, firstScope, formEncode, postToken, requestBody } from './token-request.ts'

// RFC 6749 §4.4: only confidential clients.
requirement(34, 'a client id alone never gets a token', async (target) => {
  const body = `${requestBody(firstScope(target))}&client_id=${formEncode(target.client.clientId)}`
  assertBasicChallenge(await postToken(target, { authorization: null, body }))
})
requirement(34, 'a client whose last credential ended is answered like a wrong secret', async (target) => {
  const client = need(target.clients?.expiredSecret, 'expired secret')
  assertBasicChallenge(await postToken(target, { authorization: basic(client) }))
  const body = `${requestBody(firstScope(target))}&client_id=${formEncode(client.clientId)}`
  assertBasicChallenge(await postToken(target, { authorization: null, body }))
})

// RFC 7591 §2: token_endpoint_auth_method.
for (const what of ['private_key_jwt', 'a certificate'] as const) {
  requirement(35, `a client set up for ${what} gets 401 with a right secret`, async (target) => {
    const clients = {
      private_key_jwt: target.assertionClient,
      'a certificate': target.certificateClients?.subject,
    }
    const { clientId, clientSecret } = need(clients[what], `client set up for ${what}`)
    const client = { clientId, clientSecret: need(clientSecret, `secret of a client set up for ${what}`) }
    const scope = requestBody(firstScope(target))
    assertBasicChallenge(await postToken(target, { authorization: basic(client), body: scope }))
    const body = `${scope}&client_id=${formEncode(clientId)}&client_secret=${formEncode(client.clientSecret)}`
    assertBasicChallenge(await postToken(target, { authorization: null, body }))
  })
}
