// What the audit trail says of keys and certificates: which they are, never the keys themselves.
import { createHash, type X509Certificate } from 'node:crypto'
import { readAuthorities } from './authorities.ts'
import type { TlsClientAuth } from './client.ts'

/** RFC 7638 §3.2: the members that make up a key. */
const keyMembers: Record<string, readonly string[]> = {
  EC: ['crv', 'kty', 'x', 'y'],
  OKP: ['crv', 'kty', 'x'],
  RSA: ['e', 'kty', 'n'],
}

/** Id and SHA-256 thumbprint (RFC 7638) of each key of a set. */
export function summariseKeys(
  jwks: Record<string, unknown>,
): { keyId: string | null; thumbprint: string | null }[] {
  const keys: unknown[] = Array.isArray(jwks.keys) ? jwks.keys : []
  return keys.map((key) => {
    const jwk: Record<string, unknown> = typeof key === 'object' && key !== null ? { ...key } : {}
    return {
      keyId: typeof jwk.kid === 'string' ? jwk.kid.slice(0, 200) : null,
      thumbprint: thumbprintOf(jwk),
    }
  })
}

function thumbprintOf(jwk: Record<string, unknown>): string | null {
  const members = keyMembers[String(jwk.kty)]
  if (!members) return null
  const canonical = JSON.stringify(Object.fromEntries(members.map((name) => [name, jwk[name]])))
  return createHash('sha256').update(canonical).digest('base64url')
}

/** The name of a certificate, and the SHA-256 fingerprints of who may have issued it. */
export function summariseCertificate({ kind, value, authorities }: TlsClientAuth): object {
  return { kind, value, authorities: readAuthorities(authorities).map(fingerprint) }
}

function fingerprint({ fingerprint256 }: X509Certificate): string {
  return fingerprint256
}
