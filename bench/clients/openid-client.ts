// openid-client 6 as its documentation shows it: a grant, then a call with the token. It keeps no token.
import {
  allowInsecureRequests,
  Configuration,
  clientCredentialsGrant,
  fetchProtectedResource,
} from 'openid-client'
import { readSettings, takePart } from './take-part.ts'

const { url, clientId, clientSecret, scopes } = readSettings()
const server = { issuer: `${url}/oauth`, token_endpoint: `${url}/oauth/connect/token` }
const configuration = new Configuration(server, clientId, clientSecret)
// The kit speaks HTTP on loopback.
allowInsecureRequests(configuration)

takePart({
  lacking: ['abort'],
  async call(target) {
    const { access_token: token } = await clientCredentialsGrant(configuration, { scope: scopes })
    return (await fetchProtectedResource(configuration, token, new URL(target), 'GET')).status
  },
})
