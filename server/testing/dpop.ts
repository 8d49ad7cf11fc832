// DPoP keys and proofs (RFC 9449 §4.2) as a caller makes them, rightly or wrongly.
import { constants, createHash, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto'

export interface DpopKey {
  algorithm: string
  privateKey: KeyObject
  /** Public members only. */
  jwk: Record<string, unknown>
  /** RFC 7638. */
  thumbprint: string
}

const makers: Record<string, () => { publicKey: KeyObject; privateKey: KeyObject }> = {
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: () => generateKeyPairSync('ed25519'),
  Ed25519: () => generateKeyPairSync('ed25519'),
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  PS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
}

export const dpopAlgorithms = Object.keys(makers)

export function makeDpopKey(algorithm = 'ES256'): DpopKey {
  const make = makers[algorithm]
  if (!make) throw new Error(`No such algorithm: ${algorithm}`)
  const { publicKey, privateKey } = make()
  const jwk = { ...publicKey.export({ format: 'jwk' }) }
  // RFC 7638 §3.2, §3.3: the members of a public key in alphabetical order, without spaces.
  const canonical = JSON.stringify(
    Object.fromEntries(Object.entries(jwk).sort(([a], [b]) => (a < b ? -1 : 1))),
  )
  return { algorithm, privateKey, jwk, thumbprint: sha256(canonical) }
}

/** A proof; members that are undefined are left out. @param claims beside a new `jti`. */
export function dpopProof(
  key: DpopKey,
  claims: Record<string, unknown>,
  header: Record<string, unknown> = {},
): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const all = { typ: 'dpop+jwt', alg: key.algorithm, jwk: key.jwk, ...header }
  const input = Buffer.from(`${encode(all)}.${encode({ jti: randomUUID(), ...claims })}`)
  return `${input}.${signWith(key, input).toString('base64url')}`
}

function signWith({ algorithm, privateKey: key }: DpopKey, input: Buffer): Buffer {
  if (algorithm.startsWith('Ed')) return sign(null, input, key)
  if (algorithm === 'PS256')
    return sign('sha256', input, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 })
  return sign('sha256', input, { key, dsaEncoding: 'ieee-p1363' })
}

/** The `ath` of a token. */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}
