// Tokens that are bound to a key, and the proofs that go with them: RFC 9449.
import type { DpopKey } from '../calls/dpop.ts'
import { LatchkeyError } from '../errors.ts'
import { sha256, toBase64Url } from '../text/encoding.ts'
import { generateKey, type KeyAlgorithm, type PrivateKey, readPrivateKey, signJwt } from './private-key.ts'

export type { DpopKey, ProvenCall } from '../calls/dpop.ts'
export type { KeyAlgorithm, PrivateKey } from './private-key.ts'

export interface DpopKeyOptions {
  /** A key of your own, that can be exported (its public half goes into each proof). Default: a new one, that never leaves this process. */
  key?: PrivateKey | undefined
  /** Default `ES256` for a new key; for your own, what it fits. */
  algorithm?: KeyAlgorithm | undefined
}

/**
 * Makes a key to bind tokens to: whoever steals a token cannot use it without the key. Each request gets a
 * proof of its own, with the nonce that the server asks for.
 *
 * Make one for the life of the process: clients with different keys have different tokens. A redirect is
 * refused by an API that checks proofs, because a proof is for one address.
 *
 * @throws {LatchkeyError} at the first call, when the key is none that fits.
 *
 * @example
 * const api = createClient({ scopes: ['document_read'], dpop: createDpopKey() })
 */
export function createDpopKey(options: DpopKeyOptions = {}): DpopKey {
  const nonces = new Map<string, string>()
  let opening: Promise<OpenedKey> | undefined
  const opened = () => {
    opening ??= open(options)
    return opening
  }
  return {
    thumbprint: async () => (await opened()).thumbprint,
    async prove({ method, url, accessToken, nowMs }) {
      const { algorithm, key, jwk } = await opened()
      const { origin, href } = new URL(url)
      return signJwt(
        { algorithm, key },
        { typ: 'dpop+jwt', jwk },
        {
          jti: crypto.randomUUID(),
          htm: method,
          // RFC 9449 §4.2: without query and fragment.
          htu: href.replace(/[?#].*$/, ''),
          iat: Math.floor(nowMs / 1000),
          nonce: nonces.get(origin),
          ...(accessToken !== undefined && { ath: toBase64Url(new Uint8Array(await sha256(accessToken))) }),
        },
      )
    },
    learn(url, nonce) {
      if (nonce !== null) nonces.set(new URL(url).origin, nonce)
    },
  }
}

interface OpenedKey {
  algorithm: KeyAlgorithm
  key: CryptoKey
  jwk: PublicJwk
  thumbprint: string
}

async function open({
  key: given,
  algorithm = given ? undefined : 'ES256',
}: DpopKeyOptions): Promise<OpenedKey> {
  if (given) {
    const { jwk, ...signing } = await readPrivateKey(given, algorithm)
    if (!jwk) throw new LatchkeyError('The DPoP key cannot be exported, and proofs hold its public half.')
    return { ...signing, ...(await publish(jwk)) }
  }
  const chosen = algorithm ?? 'ES256'
  const { privateKey, publicKey } = await generateKey(chosen)
  const jwk = await crypto.subtle.exportKey('jwk', publicKey)
  return { algorithm: chosen, key: privateKey, ...(await publish(jwk)) }
}

/** The public half; its members in the order of RFC 7638 §3. */
type PublicJwk = Record<'crv' | 'e' | 'kty' | 'n' | 'x' | 'y', string | undefined>

async function publish({ crv, e, kty, n, x, y }: JsonWebKey): Promise<Pick<OpenedKey, 'jwk' | 'thumbprint'>> {
  // What a kind of key does not have is undefined, and JSON leaves it out.
  const jwk = { crv, e, kty, n, x, y }
  return { jwk, thumbprint: toBase64Url(new Uint8Array(await sha256(JSON.stringify(jwk)))) }
}
