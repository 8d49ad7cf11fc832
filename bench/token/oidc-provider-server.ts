// oidc-provider, the certified server of the Node world, set up for the same answer: client credentials,
// HTTP Basic, a JWT access token by ES256. Everything in memory; it records nothing.
import { generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import Provider from 'oidc-provider'
import type { BenchClient } from './callers.ts'

const [port, scope, callersFile = ''] = process.argv.slice(2)
const callers: BenchClient[] = JSON.parse(readFileSync(callersFile, 'utf8'))
const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const audience = 'https://api.example/test'

const provider = new Provider('https://api.example', {
  clients: callers.map(({ clientId, clientSecret }) => ({
    client_id: clientId,
    client_secret: clientSecret,
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
    scope,
    token_endpoint_auth_method: 'client_secret_basic',
    // No ID token is issued; it only has to agree with the one key there is.
    id_token_signed_response_alg: 'ES256',
  })),
  jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'ES256', kid: 'bench' }] },
  scopes: [scope],
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => audience,
      getResourceServerInfo: () => ({
        scope,
        audience,
        accessTokenTTL: 3600,
        accessTokenFormat: 'jwt',
        jwt: { sign: { alg: 'ES256' } },
      }),
    },
  },
  ttl: { ClientCredentials: 3600 },
})
const server = createServer(provider.callback())
server.keepAliveTimeout = 65_000
server.listen(Number(port), '127.0.0.1')
process.on('SIGTERM', () => process.exit())
