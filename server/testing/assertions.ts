// Client assertions (RFC 7523) as clients make them, and as they should not.
import { generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto'

export type Claims = Record<string, unknown>

export interface AssertionKey {
  /** The public half, to be registered. */
  jwk: Claims
  privateKey: KeyObject
  /** A signed JWT; members that are undefined are left out. */
  sign: (header: Claims, claims: Claims) => string
}

export type TestAlgorithm = 'ES256' | 'EdDSA' | 'Ed25519' | 'RS256' | 'PS256'

export const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

export function makeAssertionKey(algorithm: TestAlgorithm = 'ES256', kid?: string): AssertionKey {
  const { publicKey, privateKey } = generate(algorithm)
  return {
    jwk: { ...publicKey.export({ format: 'jwk' }), ...(kid !== undefined && { kid }) },
    privateKey,
    sign: (header, claims) => {
      const input = signingInput({ alg: algorithm, kid, ...header }, claims)
      return `${input}.${signatureOf(algorithm, input, privateKey).toString('base64url')}`
    },
  }
}

function generate(algorithm: TestAlgorithm): { publicKey: KeyObject; privateKey: KeyObject } {
  if (algorithm === 'ES256') return generateKeyPairSync('ec', { namedCurve: 'P-256' })
  if (algorithm === 'EdDSA' || algorithm === 'Ed25519') return generateKeyPairSync('ed25519')
  return generateKeyPairSync('rsa', { modulusLength: 2048 })
}

function signatureOf(algorithm: TestAlgorithm, input: string, key: KeyObject): Buffer {
  const data = Buffer.from(input)
  if (algorithm === 'EdDSA' || algorithm === 'Ed25519') return sign(null, data, key)
  if (algorithm === 'PS256') return sign('sha256', data, { key, padding: 6, saltLength: 32 })
  return sign('sha256', data, { key, dsaEncoding: 'ieee-p1363' })
}

export function signingInput(header: Claims, claims: Claims): string {
  const encode = (value: Claims) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${encode(header)}.${encode(claims)}`
}

/** The claims of a good assertion (RFC 7523 §3, RFC 10070). */
export function assertionClaims(clientId: string, issuer: string, nowMs: number): Claims {
  const issuedAt = Math.floor(nowMs / 1000)
  return { iss: clientId, sub: clientId, aud: issuer, jti: randomUUID(), iat: issuedAt, exp: issuedAt + 60 }
}

/** The form of a token request that authenticates by an assertion. */
export function assertionForm(assertion: string, more: Record<string, string> = {}): string {
  return new URLSearchParams({
    grant_type: 'client_credentials',
    scope: 'document_read',
    client_assertion_type: assertionType,
    client_assertion: assertion,
    ...more,
  }).toString()
}
