// simple-oauth2 5 as its documentation shows it: it gets a token, the caller does the rest.
import { ClientCredentials } from 'simple-oauth2'
import { readSettings, takePart } from './take-part.ts'

const { url, clientId, clientSecret, scopes } = readSettings()
const client = new ClientCredentials({
  client: { id: clientId, secret: clientSecret },
  auth: { tokenHost: url, tokenPath: '/oauth/connect/token' },
})

takePart({
  lacking: ['api-calls', 'abort'],
  async call(target) {
    const { token } = await client.getToken({ scope: scopes })
    return (await fetch(target, { headers: { authorization: `Bearer ${token.access_token}` } })).status
  },
})
