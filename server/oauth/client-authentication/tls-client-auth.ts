// Authentication by the certificate of the TLS connection (RFC 8705 §2). The TLS layer proved that the caller
// holds the key; whose it is, is decided here.
import { readAuthorities } from '../../clients/authorities.ts'
import type { AuthenticationMethodName, Client } from '../../clients/client.ts'
import { publicKeysOf } from '../../clients/public-keys.ts'
import type { ClientCertificate } from '../../http/client-certificate.ts'
import { type Now, timeText } from '../../vocabulary/clock.ts'
import { isIssuedBy } from './certificate-chain.ts'
import { hasName } from './certificate-name.ts'
import type { ClientAuthenticationMethod } from './method.ts'

/** Both methods look the same on the wire; the client's set-up says which is meant. */
export function tlsClientAuth(now: Now): ClientAuthenticationMethod {
  return {
    names: ['tls_client_auth', 'self_signed_tls_client_auth'],
    presented({ certificate, parameters, authorization }) {
      const other = authorization ?? parameters.get('client_secret') ?? parameters.get('client_assertion')
      // RFC 8705 §2: the request names the client.
      const clientId = parameters.get('client_id')
      if (!certificate || other !== undefined || clientId === undefined) return undefined
      return {
        clientId,
        verify(client) {
          if (client?.disabledAt !== null) return undefined
          const proven = client.authenticationMethods.some((name) =>
            checks[name]?.(client, certificate, now()),
          )
          return proven ? { certificateThumbprint: certificate.thumbprint } : undefined
        },
        explain: (client) => explainCertificate(client, certificate, now()),
      }
    },
  }
}

type Check = (client: Client, certificate: ClientCertificate, nowMs: number) => boolean

const checks: Partial<Record<AuthenticationMethodName, Check>> = {
  // RFC 8705 §2.1: issued by a known authority, to the registered name.
  tls_client_auth: ({ tlsClientAuth: registered }, { x509 }, nowMs) =>
    registered !== null &&
    hasName(x509, registered) &&
    isIssuedBy(x509, readAuthorities(registered.authorities), nowMs),
  // RFC 8705 §2.2: registered itself; neither its dates nor its issuer are judged.
  self_signed_tls_client_auth: (client, { x509 }, nowMs) =>
    publicKeysOf(client, nowMs).certificates.has(x509.raw.toString('base64')),
}

function explainCertificate(client: Client, { x509 }: ClientCertificate, nowMs: number): string {
  const why: string[] = []
  const { tlsClientAuth: registered, authenticationMethods } = client
  if (authenticationMethods.includes('tls_client_auth')) {
    if (registered === null) why.push('No certificate name is registered for the client.')
    else if (!hasName(x509, registered))
      why.push(`The certificate does not have the registered name (${registered.kind} ${registered.value}).`)
    else if (x509.validToDate.getTime() < nowMs)
      why.push(`The certificate expired on ${timeText(x509.validToDate.getTime())}.`)
    else
      why.push(
        'The certificate has the registered name, but none of the registered authorities issued it for clients, or one of the two is not valid now.',
      )
  }
  if (authenticationMethods.includes('self_signed_tls_client_auth'))
    why.push(
      'The certificate is none of those in the x5c of the registered keys. Register the new one before it is used.',
    )
  return why.join(' ')
}
