import type { KeyObject } from 'node:crypto'

/**
 * The one algorithm of a key: the first of those allowed that is for keys of its kind. A token cannot choose
 * among several (RFC 8725 §3.1): an RSA key that is there for RS256 verifies nothing else.
 */
export function algorithmOf(key: KeyObject, allowed: readonly string[]): string | undefined {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key
  if (type === 'ec') {
    const algorithm = { prime256v1: 'ES256', secp384r1: 'ES384', secp521r1: 'ES512' }[
      details?.namedCurve ?? ''
    ]
    return allowed.find((name) => name === algorithm)
  }
  if (type === 'ed25519') return allowed.find((name) => name === 'EdDSA' || name === 'Ed25519')
  if (type === 'rsa') return allowed.find((name) => /^[RP]S(256|384|512)$/.test(name))
  return undefined
}
