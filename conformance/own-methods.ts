// Clients of our own server that authenticate otherwise than by a secret in a header.
import { createServer } from 'node:http'
import { makeAssertionKey } from '../server/testing/assertions.ts'
import { listenLocally } from '../server/testing/listen.ts'
import { makeCertificate } from '../server/testing/make-certificate.ts'
import type { ClientWish, World } from '../server/testing/world.ts'
import type { AssertionClient, CertificateClient } from './target.ts'

const scopes = ['document_read', 'event']

export async function makeAssertionClients(world: World) {
  const keys = Array.from({ length: 5 }, (_, index) => makeAssertionKey('ES256', `key-${index}`))
  const make = async (set: ClientWish['set']): Promise<AssertionClient> => {
    const wish = { scopes, set: { authenticationMethods: ['private_key_jwt'] as const, ...set } }
    const privateJwks = keys.map(({ privateKey, jwk }) => ({
      ...jwk,
      ...privateKey.export({ format: 'jwk' }),
    }))
    return { ...(await world.makeClient(wish)), scopes, privateJwks }
  }
  const jwks = { keys: keys.map(({ jwk }) => jwk) }
  return {
    assertion: await make({ jwks }),
    legacyAudience: await make({ jwks, legacyAudienceUntil: world.clock.now() + 60_000 }),
    publishKeys: (jwksUri: string) => make({ jwksUri }),
    jwks,
  }
}

/** A client whose keys were fetched once, from an address that no longer answers. */
export async function openPublishingClient(
  world: World,
): Promise<{ client: AssertionClient; close: () => Promise<void> }> {
  const clients = await makeAssertionClients(world)
  let answers = true
  const server = createServer((_request, response) => {
    if (answers) response.end(JSON.stringify(clients.jwks))
  })
  const client = await clients.publishKeys(`http://127.0.0.1:${await listenLocally(server)}/jwks`)
  await world.app.publishedKeys.refreshDue()
  answers = false
  return {
    client,
    async close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

export async function makeCertificateClients(world: World) {
  const authority = makeCertificate({ isAuthority: true, subject: [{ CN: 'Authority' }] })
  const own = makeCertificate({ issuer: authority, names: ['DNS:orders.acme.example'] })
  const expired = makeCertificate({ validTo: Date.UTC(2024, 0) })
  const make = async (certificate: typeof own, set: ClientWish['set']): Promise<CertificateClient> => ({
    ...(await world.makeClient({ scopes, set: { ...set } })),
    scopes,
    header: certificate.header,
  })
  const named = (kind: 'subject_dn' | 'san_dns', value: string) =>
    make(own, {
      authenticationMethods: ['tls_client_auth'],
      tlsClientAuth: { kind, value, authorities: authority.pem },
    })
  return {
    subject: await named('subject_dn', 'CN=orders,O=Acme'),
    otherSubject: await named('subject_dn', 'CN=billing,O=Acme'),
    alternativeName: await named('san_dns', 'orders.acme.example'),
    otherAlternativeName: await named('san_dns', 'billing.acme.example'),
    selfSigned: await make(expired, {
      authenticationMethods: ['self_signed_tls_client_auth'],
      jwks: expired.jwks,
    }),
  }
}
