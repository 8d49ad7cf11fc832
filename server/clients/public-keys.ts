// The public keys of a client as they are registered: a JWK set (RFC 7517 §5).
import { createPublicKey, type KeyObject, type webcrypto, X509Certificate } from 'node:crypto'
import type { Client } from './client.ts'

/** What a client may sign its assertions with (RFC 7518 §3.1, RFC 8037 §3.1; RFC 9864 §2.2 for Ed25519). */
export const assertionAlgorithms = ['ES256', 'EdDSA', 'Ed25519', 'RS256', 'PS256'] as const

export type AssertionAlgorithm = (typeof assertionAlgorithms)[number]

/** A key that verifies assertions. */
export interface PublicKey {
  id: string | undefined
  algorithms: readonly AssertionAlgorithm[]
  key: KeyObject
}

export interface PublicKeys {
  /** Those that verify signatures by an algorithm of ours. */
  keys: PublicKey[]
  /** The certificates that keys came with (RFC 7517 §4.7), DER in base64. */
  certificates: Set<string>
  /** What is wrong with the others, a sentence each. */
  errors: string[]
}

/** How many keys a set may have: more is a mistake, and each would cost at the next look. */
const keysLimit = 20

/** RFC 7518 §6.2.2, §6.3.2, §6.4.1: what only the owner of a key has. */
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k']

/** RFC 7518 §3.3: 2048 bits at least; far longer ones only cost us time. */
const modulusBits = { min: 2048, max: 8192 }

/** How long the last fetched keys are good while the address is dead. */
const fetchedKeysLifeMs = 24 * 3_600_000

const known = new WeakMap<object, PublicKeys>()

/** The keys that a client registered, or published at its address; read once for each set in memory. */
export function publicKeysOf(client: Client, nowMs: number): PublicKeys {
  const { jwks, fetchedKeys } = client
  const alive = fetchedKeys !== null && nowMs - fetchedKeys.fetchedAt <= fetchedKeysLifeMs
  const set = jwks ?? (alive ? fetchedKeys.jwks : null)
  if (set === null) return { keys: [], certificates: new Set(), errors: [] }
  const read = known.get(set) ?? readPublicKeys(set)
  known.set(set, read)
  return read
}

/** Reads a JWK set. What cannot be used is left out and named in `errors`. */
export function readPublicKeys(jwks: Record<string, unknown>): PublicKeys {
  const result: PublicKeys = { keys: [], certificates: new Set(), errors: [] }
  if (!Array.isArray(jwks.keys) || jwks.keys.length === 0) {
    result.errors.push('it has no keys: a JWK set is {"keys":[…]}.')
    return result
  }
  if (jwks.keys.length > keysLimit) result.errors.push(`it has more than ${keysLimit} keys.`)
  for (const [index, entry] of jwks.keys.slice(0, keysLimit).entries()) {
    const jwk: unknown = entry
    const problem = isJwk(jwk) ? addKey(jwk, result) : 'it is no object.'
    if (problem) result.errors.push(`key ${index + 1}: ${problem}`)
  }
  return result
}

/** RFC 7518 §6: also a symmetric key is secret. */
export function isPrivateKey(jwk: unknown): boolean {
  return isJwk(jwk) && privateMembers.some((name) => name in jwk)
}

type Jwk = webcrypto.JsonWebKey & Record<string, unknown>

function isJwk(value: unknown): value is Jwk {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** @returns why the key cannot be used, if so. */
function addKey(jwk: Jwk, result: PublicKeys): string | undefined {
  if (isPrivateKey(jwk)) {
    return 'it has members of a private key. Register the public half only, and make a new key: this one was given away.'
  }
  const certificate = Array.isArray(jwk.x5c) ? jwk.x5c[0] : undefined
  if (certificate !== undefined) {
    if (!isCertificate(certificate)) return 'its x5c holds no certificate: base64 of the DER.'
    result.certificates.add(certificate)
  }
  // RFC 7517 §4.2, §4.3: a key that is for something else.
  if (jwk.use !== undefined && jwk.use !== 'sig') return 'its use is not sig.'
  if (Array.isArray(jwk.key_ops) && !jwk.key_ops.includes('verify')) return 'its key_ops lack verify.'
  const key = importKey(jwk)
  if (!key) return 'it is no public key of type EC, OKP or RSA.'
  const able = algorithmsOf(key)
  const algorithms = able.filter((name) => jwk.alg === undefined || newName(jwk.alg) === newName(name))
  if (algorithms.length > 0) {
    result.keys.push({ id: typeof jwk.kid === 'string' ? jwk.kid : undefined, algorithms, key })
    return undefined
  }
  // The key of a certificate may be of any kind: the TLS layer uses it, not we.
  return certificate !== undefined
    ? undefined
    : `it fits none of ${assertionAlgorithms.join(', ')} (RSA from ${modulusBits.min} bits on).`
}

function isCertificate(value: unknown): value is string {
  if (typeof value !== 'string' || !/^[A-Za-z0-9+/]+={0,2}$/.test(value)) return false
  try {
    return new X509Certificate(Buffer.from(value, 'base64')).raw.toString('base64') === value
  } catch {
    return false
  }
}

function importKey(jwk: Jwk): KeyObject | undefined {
  try {
    return createPublicKey({ key: jwk, format: 'jwk' })
  } catch {
    return undefined
  }
}

/** RFC 9864 §2.2 gave the old algorithm a name that says its curve. */
function newName(algorithm: unknown): unknown {
  return algorithm === 'EdDSA' ? 'Ed25519' : algorithm
}

// The key decides by which algorithms it verifies, never the assertion's header (RFC 8725 §3.1).
function algorithmsOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): AssertionAlgorithm[] {
  const { namedCurve, modulusLength = 0, publicExponent = 0n } = asymmetricKeyDetails ?? {}
  if (asymmetricKeyType === 'ec') return namedCurve === 'prime256v1' ? ['ES256'] : []
  if (asymmetricKeyType === 'ed25519') return ['EdDSA', 'Ed25519']
  const fits = modulusLength >= modulusBits.min && modulusLength <= modulusBits.max
  // An exponent of 1 makes every signature right; a long one makes verifying slow.
  const sound = publicExponent >= 3n && publicExponent <= 0xffff_ffffn
  return asymmetricKeyType === 'rsa' && fits && sound ? ['RS256', 'PS256'] : []
}
