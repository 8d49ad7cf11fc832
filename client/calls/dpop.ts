/** A request that a proof is made for (RFC 9449 §4.2). */
export interface ProvenCall {
  method: string
  /** The whole address; its query and fragment do not matter. */
  url: string
  /** The access token that it comes with; none at the token endpoint. */
  accessToken?: string
  /** The wall clock in milliseconds. */
  nowMs: number
}

/** A key that tokens are bound to (RFC 9449). `createDpopKey` of `@latchkey/client/dpop` makes one. */
export interface DpopKey {
  /** SHA-256 of the public key as base64url (RFC 7638). */
  thumbprint: () => Promise<string>
  /** A new proof, for this request alone. */
  prove: (call: ProvenCall) => Promise<string>
  /** Keeps the nonce that an answer brought, for the next proof there (RFC 9449 §8.2). */
  learn: (url: string, nonce: string | null) => void
}
