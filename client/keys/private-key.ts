// Private keys in the forms that people have them, by WebCrypto alone.
import { LatchkeyError } from '../errors.ts'
import { fromBase64, toBase64Url, utf8 } from '../text/encoding.ts'
import { member } from '../text/members.ts'

/** A private key: a JWK (RFC 7517), a PKCS#8 text in PEM, or a key of WebCrypto. */
export type PrivateKey = (JsonWebKey & { kid?: string }) | string | CryptoKey

/** The algorithms that Latchkey accepts (RFC 7518 §3.1, RFC 8037, RFC 9864). */
export type KeyAlgorithm = 'ES256' | 'EdDSA' | 'Ed25519' | 'RS256' | 'PS256'

interface Parameters {
  import: { name: string; namedCurve?: string; hash?: string }
  sign: { name: string; hash?: string; saltLength?: number }
}

const ed25519: Parameters = { import: { name: 'Ed25519' }, sign: { name: 'Ed25519' } }
const parameters: Record<KeyAlgorithm, Parameters> = {
  ES256: { import: { name: 'ECDSA', namedCurve: 'P-256' }, sign: { name: 'ECDSA', hash: 'SHA-256' } },
  EdDSA: ed25519,
  Ed25519: ed25519,
  RS256: {
    import: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
    sign: { name: 'RSASSA-PKCS1-v1_5' },
  },
  PS256: { import: { name: 'RSA-PSS', hash: 'SHA-256' }, sign: { name: 'RSA-PSS', saltLength: 32 } },
}

/** A key that is ready to sign. */
export interface SigningKey {
  algorithm: KeyAlgorithm
  key: CryptoKey
  /** Absent for a key that cannot be exported. */
  jwk: JsonWebKey | undefined
}

/**
 * @param algorithm for keys that fit several; by default the first that fits.
 * @throws {LatchkeyError} for what is no private key of these algorithms. It says nothing of the key.
 */
export async function readPrivateKey(key: PrivateKey, algorithm?: KeyAlgorithm): Promise<SigningKey> {
  if (isCryptoKey(key)) return readCryptoKey(key, algorithm)
  const jwk = typeof key === 'string' ? await readPem(key) : key
  const fitting = algorithmsOfJwk(jwk).filter((name) => algorithm === undefined || name === algorithm)
  const [found] = fitting
  if (!found || !jwk.d) throw new LatchkeyError(unfit)
  return { algorithm: found, key: await importJwk(jwk, found), jwk }
}

const unfit =
  'The key is no private key for ES256, EdDSA, RS256 or PS256: pass a JWK, PKCS#8 in PEM ("BEGIN PRIVATE KEY"; openssl pkcs8 -topk8 -nocrypt makes it), or a CryptoKey that may sign.'

async function readCryptoKey(key: CryptoKey, wanted: KeyAlgorithm | undefined): Promise<SigningKey> {
  const names: KeyAlgorithm[] = ['ES256', 'EdDSA', 'Ed25519', 'RS256', 'PS256']
  const algorithm = names.find((name) => isOfKind(key, parameters[name].import) && (wanted ?? name) === name)
  if (!algorithm || !key.usages.includes('sign')) throw new LatchkeyError(unfit)
  return { algorithm, key, jwk: key.extractable ? await crypto.subtle.exportKey('jwk', key) : undefined }
}

/** Curve and hash count, too: WebCrypto would sign with any of them, under the name of another. */
function isOfKind({ algorithm }: CryptoKey, kind: Parameters['import']): boolean {
  const curve = 'namedCurve' in algorithm ? algorithm.namedCurve : undefined
  const hash = member('hash' in algorithm ? algorithm.hash : undefined, 'name')
  return algorithm.name === kind.name && curve === kind.namedCurve && hash === kind.hash
}

async function readPem(text: string): Promise<JsonWebKey> {
  const base64 = /-----BEGIN PRIVATE KEY-----([\s\S]+?)-----END PRIVATE KEY-----/.exec(text)?.[1]
  if (base64 === undefined) throw new LatchkeyError(unfit)
  const bytes = fromBase64(base64.replace(/\s/g, ''))
  // The form does not say its algorithm where WebCrypto would look: whichever takes it, it is.
  for (const name of ['ES256', 'EdDSA', 'RS256'] as const) {
    const { import: kind } = parameters[name]
    const key = await crypto.subtle.importKey('pkcs8', bytes, kind, true, ['sign']).catch(() => undefined)
    if (key) {
      const { alg: _, ...jwk } = await crypto.subtle.exportKey('jwk', key)
      return jwk
    }
  }
  throw new LatchkeyError(unfit)
}

function algorithmsOfJwk({ kty, crv, alg }: JsonWebKey): KeyAlgorithm[] {
  const kind = kty === 'RSA' ? kty : `${kty} ${crv}`
  const fitting: Record<string, KeyAlgorithm[]> = {
    'EC P-256': ['ES256'],
    'OKP Ed25519': ['EdDSA', 'Ed25519'],
    RSA: ['RS256', 'PS256'],
  }
  return (fitting[kind] ?? []).filter((name) => alg === undefined || name === alg)
}

async function importJwk(jwk: JsonWebKey, algorithm: KeyAlgorithm): Promise<CryptoKey> {
  // What a key says of its use is between its owner and the server.
  const { alg: _, use: __, key_ops: ___, ext: ____, ...members } = jwk
  const { import: kind } = parameters[algorithm]
  return crypto.subtle.importKey('jwk', members, kind, false, ['sign']).catch(() => {
    throw new LatchkeyError(unfit)
  })
}

/** Makes a key that never leaves the runtime. */
export async function generateKey(algorithm: KeyAlgorithm): Promise<CryptoKeyPair> {
  const { import: kind } = parameters[algorithm]
  const size = { modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) }
  const pair = await crypto.subtle.generateKey({ ...kind, ...size }, false, ['sign', 'verify'])
  if (!('privateKey' in pair)) throw new LatchkeyError(unfit)
  return pair
}

/** A signed JWT (RFC 7519). */
export async function signJwt(
  { algorithm, key }: Pick<SigningKey, 'algorithm' | 'key'>,
  header: Readonly<Record<string, unknown>>,
  claims: Readonly<Record<string, unknown>>,
): Promise<string> {
  const encode = (value: object) => toBase64Url(utf8(JSON.stringify(value)))
  const input = `${encode({ alg: algorithm, ...header })}.${encode(claims)}`
  const signature = await crypto.subtle.sign(parameters[algorithm].sign, key, utf8(input))
  return `${input}.${toBase64Url(new Uint8Array(signature))}`
}

export function isCryptoKey(key: unknown): key is CryptoKey {
  return typeof CryptoKey !== 'undefined' && key instanceof CryptoKey
}
