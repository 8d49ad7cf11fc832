// The algorithms that our keys sign by: how each makes a key pair, and how it signs (RFC 7518 §3, RFC 8037 §3.1).
import {
  type AsymmetricKeyDetails,
  createPublicKey,
  generateKeyPair,
  type KeyObject,
  sign as signBytes,
} from 'node:crypto'
import { promisify } from 'node:util'

export type AlgorithmName = 'ES256' | 'EdDSA' | 'RS256'

/** Signs the input of a JWS. At once where that is quick, so that a token costs no detour. */
export type Sign = (input: string) => Buffer | Promise<Buffer>

interface Algorithm {
  generate: () => Promise<KeyObject>
  /** True for the keys that this algorithm takes: a key has one algorithm (RFC 8725 §3.1). */
  takes: (type: string | undefined, details: AsymmetricKeyDetails | undefined) => boolean
  signWith: (key: KeyObject) => Sign
}

const makePair = promisify(generateKeyPair)
const signElsewhere = promisify(signBytes)
const rsaBits = 3072

export const algorithms: Record<AlgorithmName, Algorithm> = {
  ES256: {
    generate: async () => (await makePair('ec', { namedCurve: 'P-256' })).privateKey,
    takes: (type, details) => type === 'ec' && details?.namedCurve === 'prime256v1',
    // RFC 7518 §3.4: R and S side by side, not DER.
    signWith: (key) => (input) => signBytes('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }),
  },
  EdDSA: {
    generate: async () => (await makePair('ed25519')).privateKey,
    takes: (type) => type === 'ed25519',
    signWith: (key) => (input) => signBytes(null, Buffer.from(input), key),
  },
  RS256: {
    generate: async () => (await makePair('rsa', { modulusLength: rsaBits })).privateKey,
    takes: (type, details) => type === 'rsa' && (details?.modulusLength ?? 0) >= rsaBits,
    // Two milliseconds of work: in Node's thread pool, so that other requests do not wait for it.
    signWith: (key) => (input) => signElsewhere('sha256', Buffer.from(input), key),
  },
}

export const algorithmNames: readonly AlgorithmName[] = ['ES256', 'EdDSA', 'RS256']

/** @throws {Error} when the key is not one for this algorithm. */
export function signerOf(algorithm: AlgorithmName, key: KeyObject): Sign {
  if (!algorithms[algorithm].takes(key.asymmetricKeyType, key.asymmetricKeyDetails))
    throw new Error(`The stored key is not one for ${algorithm}.`)
  return algorithms[algorithm].signWith(key)
}

/** Reads a public half that was kept as JSON. */
export function readPublicJwk(json: string): KeyObject {
  return createPublicKey({ key: JSON.parse(json), format: 'jwk' })
}

/** The public half as it is published: only public members, what it is for and by which algorithm (RFC 7517 §4). */
export function publicJwk(key: KeyObject, keyId: string, algorithm: AlgorithmName): Record<string, unknown> {
  // From a private key this takes the public half, from a public one itself.
  const publicKey = key.type === 'private' ? createPublicKey(key) : key
  return { ...publicKey.export({ format: 'jwk' }), kid: keyId, use: 'sig', alg: algorithm }
}
