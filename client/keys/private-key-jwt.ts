// Client authentication by a signed assertion: RFC 7521 §4.2, RFC 7523 §2.2, RFC 10070.
import type { ClientAuthentication, Credential, Proof, ProofRequest } from '../settings/credential.ts'
import { sha256, toHex, utf8 } from '../text/encoding.ts'
import { isCryptoKey, type KeyAlgorithm, type PrivateKey, readPrivateKey, signJwt } from './private-key.ts'

export type { KeyAlgorithm, PrivateKey } from './private-key.ts'

export interface PrivateKeyJwtOptions {
  /** The private key whose public half is registered with the client, or a function that gets it. */
  key: PrivateKey | (() => PrivateKey | Promise<PrivateKey>)
  /** The `kid` under which the public key is registered. Default: that of a JWK, else none. */
  keyId?: string | undefined
  /** For an RSA key `PS256` in place of `RS256`; other keys fit one algorithm. */
  algorithm?: KeyAlgorithm | undefined
  /** The issuer of the server, where it is not `URL/oauth` because you reach it by another address. */
  audience?: string | undefined
}

/** Clocks differ: an assertion from the future would be refused. */
const issuedAgoSeconds = 10
const lifetimeSeconds = 60

/**
 * Lets a client authenticate by a key pair instead of a secret: `private_key_jwt`.
 *
 * @throws {LatchkeyError} at the first call, when the key is none that fits.
 *
 * @example
 * const key = () => readFile('/run/keys/billing.pem', 'utf8')
 * const api = createClient({ authentication: privateKeyJwt({ key }), scopes: ['document_read'] })
 */
export function privateKeyJwt(options: PrivateKeyJwtOptions): ClientAuthentication {
  return {
    async read(): Promise<Credential> {
      const { key: source } = options
      const given = typeof source === 'function' ? await source() : source
      const { algorithm, key, jwk } = await readPrivateKey(given, options.algorithm)
      const inJwk = typeof given === 'object' && 'kid' in given ? given.kid : undefined
      const kid = options.keyId ?? (typeof inJwk === 'string' ? inJwk : undefined)
      const secret = jwk?.d
      return {
        fingerprint: secret ? toHex(await sha256(secret)) : nameOfKey(given),
        keyMaterial: async () => (secret ? utf8(secret) : undefined),
        prove: (request) => prove({ algorithm, key }, kid, options.audience, request),
      }
    },
  }
}

async function prove(
  key: Parameters<typeof signJwt>[0],
  kid: string | undefined,
  audience: string | undefined,
  { clientId, issuer, nowMs }: ProofRequest,
): Promise<Proof> {
  const issuedAt = Math.floor(nowMs / 1000) - issuedAgoSeconds
  const assertion = await signJwt(
    key,
    { typ: 'client-authentication+jwt', kid },
    {
      iss: clientId,
      sub: clientId,
      aud: audience ?? issuer,
      jti: crypto.randomUUID(),
      iat: issuedAt,
      exp: issuedAt + lifetimeSeconds,
    },
  )
  return {
    parameters: {
      client_id: clientId,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: assertion,
    },
    hidden: [assertion],
  }
}

const names = new WeakMap<CryptoKey, string>()

/** A key that nobody can look into is told from others by being itself. */
function nameOfKey(key: unknown): string {
  if (!isCryptoKey(key)) return crypto.randomUUID()
  const name = names.get(key) ?? crypto.randomUUID()
  names.set(key, name)
  return name
}
