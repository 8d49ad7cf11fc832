// A bound token opens nothing without what it is bound to: a DPoP key (RFC 9449 §7) or a certificate (RFC 8705 §3).
import type { AccessToken, Confirmation } from './access-token.ts'
import type { PresentedToken } from './bearer.ts'
import { type DpopNonces, hashOfToken, ProofError, verifyProof } from './dpop-proof.ts'
import type { Refusals } from './refusals.ts'
import { rememberProofs } from './used-proofs.ts'

/** What a bound token is checked against. */
export interface Call {
  method: string
  /**
   * The whole address as callers know it, by your configuration and not by the Host header; several where it
   * has several names. The query does not matter.
   */
  url: string | readonly string[]
  /** Every value of the `DPoP` header. */
  dpopProofs: readonly string[]
  /** SHA-256 of the caller's certificate as base64url, from your TLS layer (RFC 8705 §3.1). */
  certificateThumbprint?: string | undefined
}

interface CheckOptions {
  nonces: DpopNonces | undefined
  rememberedProofs: number
  now: () => number
  /** Refusals with a `DPoP` challenge, also where the token came as a bearer token. */
  dpopRefusals: Refusals
}

type CheckConfirmation = (
  token: AccessToken,
  presented: PresentedToken,
  call: Call | undefined,
  refusals: Refusals,
) => Promise<void>

export function createConfirmationCheck(options: CheckOptions): CheckConfirmation {
  const checkKey = createKeyCheck(options)
  return async (token, presented, call, refusals) => {
    const { dpopKey, certificate } = token.confirmation ?? {}
    // RFC 9449 §7.1: a token without key is no DPoP token.
    if (presented.scheme === 'DPoP' && dpopKey === undefined) {
      throw refusals.invalidToken(
        'The token is not bound to a DPoP key. Send it as Authorization: Bearer TOKEN.',
      )
    }
    // RFC 8705 §3: the certificate of this very connection.
    if (certificate !== undefined && certificate !== call?.certificateThumbprint) {
      throw refusals.invalidToken(
        'The token is bound to a client certificate, and this call came without it. Call with the certificate that the token was requested with.',
      )
    }
    if (dpopKey !== undefined) await checkKey(dpopKey, presented, call)
  }
}

function createKeyCheck({ nonces, rememberedProofs, now, dpopRefusals }: CheckOptions) {
  const used = rememberProofs(rememberedProofs, now)
  return async (dpopKey: string, { scheme, text }: PresentedToken, call: Call | undefined) => {
    // RFC 9449 §7.2: otherwise a stolen token could be used without its key.
    if (scheme !== 'DPoP') {
      throw dpopRefusals.invalidToken(
        'The token is bound to a DPoP key. Send it as Authorization: DPoP TOKEN, with a DPoP proof in the DPoP header.',
      )
    }
    if (!call) throw dpopRefusals.invalidToken('This API takes no tokens that are bound to a DPoP key.')
    const proof = await verifyProof(call.dpopProofs, call, now()).catch((error: unknown) => {
      throw error instanceof ProofError ? dpopRefusals.invalidProof(error.message) : error
    })
    // RFC 9449 §4.3 (12): made for this token, by the key that the token is bound to.
    if (proof.accessTokenHash !== (await hashOfToken(text))) {
      throw dpopRefusals.invalidProof(
        'The ath of the DPoP proof is not the hash of this token: base64url of its SHA-256.',
      )
    }
    if (proof.thumbprint !== dpopKey) {
      throw dpopRefusals.invalidToken(
        'The token is bound to another key than the one of the DPoP proof. Use the key that the token was requested with.',
      )
    }
    if (nonces && (proof.nonce === undefined || !nonces.accepts(proof.nonce)))
      throw dpopRefusals.useNonce(nonces.current())
    // RFC 9449 §11.1.
    if (!used.use(proof))
      throw dpopRefusals.invalidProof('The DPoP proof was used before. Make a new one for each request.')
  }
}

/**
 * The `cnf` claim of a token (RFC 7800 §3.1).
 * @throws {GuardError} for one that we could not check: such a token is not for everybody who holds it.
 */
export function readConfirmation(cnf: unknown, refusals: Refusals): Confirmation {
  const confirmation: Confirmation = {}
  if (typeof cnf === 'object' && cnf !== null) {
    if ('jkt' in cnf && typeof cnf.jkt === 'string') confirmation.dpopKey = cnf.jkt
    if ('x5t#S256' in cnf && typeof cnf['x5t#S256'] === 'string') confirmation.certificate = cnf['x5t#S256']
    const understood = Object.keys(confirmation).length
    if (understood > 0 && understood === Object.keys(cnf).length) return confirmation
  }
  throw refusals.invalidToken('The token is bound to its holder in a way that this API does not know.')
}
