// Verifies a DPoP proof (RFC 9449 §4.3): the holder of the key makes this very call, now.
import {
  base64url,
  calculateJwkThumbprint,
  importJWK,
  type JWK,
  type JWTHeaderParameters,
  type JWTPayload,
  jwtVerify,
} from 'jose'
import { sameAddress } from './proof-address.ts'

/** What a proof says, once it holds. */
export interface DpopProof {
  /** The thumbprint of its key (RFC 7638, SHA-256): what a token's `cnf.jkt` is compared with. */
  thumbprint: string
  /** Its `jti`: unique for the key. */
  id: string
  /** Unix seconds from when on its `iat` is too old, and remembering it is no longer needed. */
  uselessFrom: number
  /** Its `ath`: the hash of the access token that it came with. */
  accessTokenHash: string | undefined
  nonce: string | undefined
}

/** The call that a proof has to be for. */
export interface ProvenCall {
  method: string
  /** The address as callers know it; several where it has several names. */
  url: string | readonly string[]
}

/** Nonces that a server asks for in proofs (RFC 9449 §8, §9): old proofs, made ahead, are of no use. */
export interface DpopNonces {
  /** The one to use from now on. */
  current: () => string
  accepts: (nonce: string) => boolean
}

/** The proof does not hold. The message says what is wrong and what to do, and nothing that was sent. */
export class ProofError extends Error {}

/** RFC 9449 §4.2: asymmetric ones only. `Ed25519` is the name of RFC 9864 for what was `EdDSA`. */
export const proofAlgorithms: readonly string[] = ['ES256', 'Ed25519', 'EdDSA', 'RS256', 'PS256']

/** How far `iat` may be from now (RFC 9449 §11.1). */
export const proofWindowSeconds = 60

/**
 * Verifies the proof of a call, all but nonce and reuse, which are for the server to say.
 * @param proofs every value of the `DPoP` header.
 * @throws {ProofError} when it does not hold.
 */
export async function verifyProof(
  proofs: readonly string[],
  call: ProvenCall,
  nowMs: number,
): Promise<DpopProof> {
  const [text] = proofs
  // RFC 9449 §4.3 (1), (2): one header, one well-formed JWT.
  if (text === undefined) throw new ProofError('The request has no DPoP proof. Send one DPoP header.')
  if (proofs.length > 1) throw new ProofError('The request has more than one DPoP header. Send exactly one.')
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(text)) throw new ProofError('The DPoP header is not one signed JWT.')
  let keyOf: JWK | undefined
  const verified = jwtVerify(
    text,
    async (header) => {
      keyOf = publicKeyOf(header)
      return importJWK(keyOf, header.alg)
    },
    {
      algorithms: [...proofAlgorithms],
      typ: 'dpop+jwt',
      // For exp and nbf, where a proof has them; iat is looked at below.
      currentDate: new Date(nowMs),
      clockTolerance: proofWindowSeconds,
    },
  )
  const { payload } = await verified.catch((cause: unknown) => {
    // Whatever a stranger's key or signature does to the library: the proof does not hold.
    throw cause instanceof ProofError ? cause : new ProofError(notVerified, { cause })
  })
  if (!keyOf) throw new ProofError(notVerified)
  return readProof(payload, keyOf, call, nowMs)
}

const notVerified = `The DPoP proof does not verify. It is a JWT with typ dpop+jwt, the public key as jwk in its header, signed with one of ${proofAlgorithms.join(', ')}.`

/** The public members of each kind of key (RFC 7638 §3.2); nothing else of what was sent is used. */
const publicMembers: Record<string, readonly ('crv' | 'x' | 'y' | 'n' | 'e')[]> = {
  EC: ['crv', 'x', 'y'],
  OKP: ['crv', 'x'],
  RSA: ['n', 'e'],
}
const privateMembers = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv']

function publicKeyOf({ jwk }: JWTHeaderParameters): JWK {
  const members = publicMembers[jwk?.kty ?? '']
  if (!jwk || !members) throw new ProofError('The DPoP proof has no public key as jwk in its header.')
  // RFC 9449 §4.3 (7).
  if (privateMembers.some((name) => name in jwk)) {
    throw new ProofError('The DPoP proof holds a private key. Put the public one there, and make a new pair.')
  }
  const key: JWK = { kty: jwk.kty ?? '' }
  for (const name of members) {
    const value = jwk[name]
    // 4096 bits as base64url: bigger keys would only make us calculate.
    if (typeof value !== 'string' || value.length > 683) throw new ProofError(notVerified)
    key[name] = value
  }
  if (key.e !== undefined && key.e.length > 6) throw new ProofError(notVerified)
  return key
}

async function readProof(payload: JWTPayload, key: JWK, call: ProvenCall, nowMs: number): Promise<DpopProof> {
  const { jti, htm, htu, iat, ath, nonce } = payload
  // RFC 9449 §4.2, §4.3 (3). A jti is remembered, so it has a limit.
  if (typeof jti !== 'string' || jti === '' || jti.length > 256)
    throw new ProofError('The DPoP proof has no jti of 1 to 256 characters.')
  if (typeof iat !== 'number') throw new ProofError('The DPoP proof has no iat.')
  if (htm !== call.method)
    throw new ProofError('The htm of the DPoP proof is not the method of this request.')
  if (typeof htu !== 'string' || ![call.url].flat().some((url) => sameAddress(htu, url))) {
    throw new ProofError(
      'The htu of the DPoP proof is not the address of this request. Send the address that you call, without query.',
    )
  }
  // RFC 9449 §4.3 (11), §11.1.
  if (!(Math.abs(nowMs / 1000 - iat) <= proofWindowSeconds))
    throw new ProofError(
      'The iat of the DPoP proof is not now. Make a proof for each request; check the clock.',
    )
  return {
    thumbprint: await calculateJwkThumbprint(key, 'sha256'),
    id: jti,
    uselessFrom: iat + proofWindowSeconds,
    accessTokenHash: typeof ath === 'string' ? ath : undefined,
    nonce: typeof nonce === 'string' ? nonce : undefined,
  }
}

/** The `ath` of a token: SHA-256, base64url (RFC 9449 §4.2). */
export async function hashOfToken(text: string): Promise<string> {
  return base64url.encode(
    new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))),
  )
}
