/** What an accepted access token says (RFC 9068 §2.2). */
export interface AccessToken {
  issuer: string
  /** The API client the token was issued to; equals the subject in this grant. */
  clientId: string
  audiences: readonly string[]
  scopes: readonly string[]
  environment: 'test' | 'production'
  /** Unix seconds. */
  issuedAt: number
  /** Unix seconds. */
  expiresAt: number
  /** Unique for each token. */
  id: string
  /** What the caller has to hold beside the token; absent: a bearer token. */
  confirmation?: Confirmation
}

/** To whom a token is bound (RFC 7800 §3.1): stolen, it is of no use. */
export interface Confirmation {
  /** The thumbprint of a DPoP key (RFC 9449 §6.1). */
  dpopKey?: string
  /** The thumbprint of a client certificate (RFC 8705 §3.1). */
  certificate?: string
}
