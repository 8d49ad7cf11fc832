// The DPoP proof of a token request (RFC 9449 §5): whose key the token will be bound to.
import { ProofError, proofAlgorithms, verifyProof } from '@latchkey/guard/dpop'
import type { Database } from '../database/tables.ts'
import type { DpopNonces } from '../http/dpop-nonce.ts'
import type { Now } from '../vocabulary/clock.ts'
import { OAuthError } from '../vocabulary/oauth-error.ts'
import { useOnce } from './used-proofs.ts'

export { proofAlgorithms }

export interface ProofCheckOptions {
  db: Database
  now: Now
  nonces: DpopNonces
  /** The addresses of the endpoint, as callers know it. */
  urls: readonly string[]
}

/**
 * Verifies the proof of a request, and takes it out of circulation on every node.
 * @returns the thumbprint of its key.
 * @throws {OAuthError} `invalid_dpop_proof`, or `use_dpop_nonce` with a nonce.
 */
export type CheckProof = (proofs: readonly string[]) => Promise<string>

/** How long a proof is remembered beyond its time: the clocks of the nodes differ. */
const marginMs = 60_000

export function createProofCheck({ db, now, nonces, urls }: ProofCheckOptions): CheckProof {
  return async (proofs) => {
    const call = { method: 'POST', url: urls }
    const proof = await verifyProof(proofs, call, now()).catch((error: unknown) => {
      throw error instanceof ProofError ? new OAuthError('invalid_dpop_proof', error.message) : error
    })
    // RFC 9449 §8: a proof that was made ahead, by somebody who had the key for a moment, ends with its nonce.
    if (proof.nonce === undefined || !nonces.accepts(proof.nonce)) {
      throw new OAuthError(
        'use_dpop_nonce',
        'The DPoP proof needs the nonce of the DPoP-Nonce header of this answer. Make a new proof with it.',
        { headers: { 'dpop-nonce': nonces.current() } },
      )
    }
    // RFC 9449 §11.1. Last: what fails before may be sent again.
    const fresh = await useOnce(
      db,
      `dpop ${proof.thumbprint}`,
      proof.id,
      Math.ceil(proof.uselessFrom * 1000) + marginMs,
    )
    if (fresh) return proof.thumbprint
    throw new OAuthError(
      'invalid_dpop_proof',
      'The DPoP proof was used before. Make a new one, with a new jti, for each request.',
    )
  }
}
