// A peer to score with the same suite: oidc-provider, set up for this grant as far as it goes.
// node conformance/oidc-provider-peer.ts PORT, then see README.md.
import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import Provider from 'oidc-provider'

const port = Number(process.argv[2] ?? 4100)
const scopes = ['document_read', 'document_write']
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const audience = 'https://api.example/test'

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [
    {
      client_id: 'peer',
      client_secret: 'a-secret-of-the-peer-for-the-suite-alone-12',
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
      scope: scopes.join(' '),
      token_endpoint_auth_method: 'client_secret_basic',
      id_token_signed_response_alg: 'ES256',
    },
  ],
  jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'ES256', kid: 'peer' }] },
  scopes,
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: { enabled: true },
    revocation: { enabled: true },
    dPoP: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => audience,
      getResourceServerInfo: () => ({
        scope: scopes.join(' '),
        audience,
        accessTokenTTL: 3600,
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: 'ES256' } },
      }),
    },
  },
  ttl: { ClientCredentials: 3600 },
})
createServer(provider.callback()).listen(port, '127.0.0.1')
