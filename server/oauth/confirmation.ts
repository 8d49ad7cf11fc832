// What a token is bound to, so that whoever steals it cannot use it (RFC 7800, RFC 8705 §3, RFC 9449 §6).
import type { Client } from '../clients/client.ts'
import { OAuthError } from '../vocabulary/oauth-error.ts'
import type { Proof } from './client-authentication/method.ts'
import type { CheckProof } from './dpop.ts'
import type { TokenRequest } from './token-request.ts'

/** The `cnf` claim (RFC 7800 §3.1). */
export interface Confirmation {
  /** The thumbprint of a DPoP key (RFC 9449 §6.1). */
  jkt?: string
  /** The thumbprint of a certificate (RFC 8705 §3.1). */
  'x5t#S256'?: string
}

/** @returns undefined for a bearer token. @throws {OAuthError} when the client must bind its tokens and cannot. */
export type DecideConfirmation = (
  request: TokenRequest,
  client: Client,
  proof: Proof,
) => Promise<Confirmation | undefined>

export function createConfirmation(checkProof: CheckProof): DecideConfirmation {
  return async (request, client, proof) => {
    const certificate = certificateOf(request, client, proof)
    const dpopKey = await dpopKeyOf(request, client)
    if (certificate === undefined && dpopKey === undefined) return undefined
    return {
      ...(dpopKey !== undefined && { jkt: dpopKey }),
      ...(certificate !== undefined && { 'x5t#S256': certificate }),
    }
  }

  async function dpopKeyOf({ dpopProofs }: TokenRequest, client: Client): Promise<string | undefined> {
    if (dpopProofs.length > 0) return checkProof(dpopProofs)
    if (!client.dpopBound) return undefined
    // RFC 9449 §5.2 says that it is refused and leaves the code open: this one, because its page and every
    // DPoP library say what a proof is.
    throw new OAuthError(
      'invalid_dpop_proof',
      'The tokens of this client are bound to a DPoP key. Send a DPoP proof in the DPoP header.',
    )
  }
}

function certificateOf({ certificate }: TokenRequest, client: Client, proof: Proof): string | undefined {
  // RFC 8705 §3: who authenticates by a certificate gets tokens that are bound to it.
  if (proof.certificateThumbprint !== undefined) return proof.certificateThumbprint
  if (!client.certificateBound) return undefined
  if (certificate) return certificate.thumbprint
  throw new OAuthError(
    'invalid_request',
    'The tokens of this client are bound to its certificate. Request them over TLS with a client certificate.',
  )
}

/** RFC 9449 §5, RFC 8705 §3: certificate-bound tokens stay Bearer. */
export function tokenTypeOf(confirmation: Confirmation | undefined): 'Bearer' | 'DPoP' {
  return confirmation?.jkt === undefined ? 'Bearer' : 'DPoP'
}
