// OAuth2Fetch of @badgateway/oauth2-client 3 as its documentation shows it.
import { OAuth2Client, OAuth2Fetch } from '@badgateway/oauth2-client'
import { readSettings, takePart } from './take-part.ts'

const { url, clientId, clientSecret, scopes } = readSettings()
const client = new OAuth2Client({
  server: url,
  tokenEndpoint: '/oauth/connect/token',
  clientId,
  clientSecret,
})
const wrapper = new OAuth2Fetch({
  client,
  getNewToken: () => client.clientCredentials({ scope: scopes.split(' ') }),
})

takePart({
  call: async (target, signal) => (await wrapper.fetch(target, signal ? { signal } : {})).status,
})
