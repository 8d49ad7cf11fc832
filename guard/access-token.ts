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
}
