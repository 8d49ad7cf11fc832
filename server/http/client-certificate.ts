// The caller's certificate: TLS ends at a proxy, which hands it on in a header (RFC 9440).
import { createHash, X509Certificate } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { OAuthError } from '../vocabulary/oauth-error.ts'
import { trustedProxyCheck } from './trusted-proxies.ts'

/** A certificate that the TLS layer proved the key of. Who issued it is for the reader to check. */
export interface ClientCertificate {
  x509: X509Certificate
  /** `x5t#S256` (RFC 8705 §3.1): SHA-256 of the DER, base64url. */
  thumbprint: string
}

/** Reads the certificate of a request; undefined when there is none. */
export type ReadClientCertificate = (request: FastifyRequest) => ClientCertificate | undefined

/**
 * Believes the header only from the proxies that are trusted: from anybody else it is as if it were not
 * there (RFC 9440 §4, RFC 9700 §4.13).
 */
export function clientCertificateReader(trustedProxies: readonly string[]): ReadClientCertificate {
  const trusted = trustedProxyCheck(trustedProxies)
  return (request) => {
    const header = request.headers['client-cert']
    if (header === undefined || header === '' || !trusted(request.socket.remoteAddress)) return undefined
    return parse(header)
  }
}

function parse(header: string | string[]): ClientCertificate {
  // RFC 9440 §2.1: one byte sequence of structured fields, `:base64:`, holding the DER.
  const encoded = typeof header === 'string' ? /^:([A-Za-z0-9+/]+={0,2}):$/.exec(header)?.[1] : undefined
  try {
    if (encoded === undefined) throw new Error('no byte sequence')
    const der = Buffer.from(encoded, 'base64')
    return {
      x509: new X509Certificate(der),
      thumbprint: createHash('sha256').update(der).digest('base64url'),
    }
  } catch {
    throw new OAuthError(
      'invalid_request',
      'The Client-Cert header of the proxy holds no certificate. It is :base64 of the DER: between colons (RFC 9440).',
    )
  }
}
