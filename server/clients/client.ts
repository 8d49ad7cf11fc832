import type { Environment } from '../vocabulary/environment.ts'

/** An API client as the token endpoint needs it, with the secrets that may still authenticate it. */
export interface Client {
  id: string
  accountId: string
  environment: Environment
  name: string
  description: string
  scopes: readonly string[]
  tokenLifetimeSeconds: number
  /** CIDR ranges that it may call from; empty: from everywhere. */
  allowedNetworks: readonly string[]
  /** Token requests an hour before it is told to reuse its token; null: the setting for all. */
  tokenQuotaPerHour: number | null
  /** Milliseconds; a deleted client is disabled, too. */
  disabledAt: number | null
  /** Counts its changes: what its ETag says. */
  version: number
  /** How it may authenticate (RFC 7591 §2 `token_endpoint_auth_method`). */
  authenticationMethods: readonly AuthenticationMethodName[]
  /** Its public keys, uploaded: a JWK set (RFC 7517 §5). */
  jwks: Record<string, unknown> | null
  /** Where it publishes its keys; used when none are uploaded. */
  jwksUri: string | null
  /** What was last found there, and when (milliseconds). */
  fetchedKeys: { jwks: Record<string, unknown>; fetchedAt: number } | null
  /** Which certificate authenticates it by `tls_client_auth` (RFC 8705 §2.1.2). */
  tlsClientAuth: TlsClientAuth | null
  /** Its tokens are always bound to a DPoP key (RFC 9449 §5.2). */
  dpopBound: boolean
  /** Its tokens are always bound to its certificate (RFC 8705 §3). */
  certificateBound: boolean
  /** Milliseconds: tokens issued before are dead. */
  notBefore: number | null
  /** Milliseconds: until then an assertion may name the token endpoint as its audience, as before RFC 10070. */
  legacyAudienceUntil: number | null
  secrets: readonly ClientSecret[]
}

export interface ClientSecret {
  id: string
  name: string
  /** HMAC-SHA-256 under the pepper. */
  hash: Buffer
  expiresAt: number | null
  revokedAt: number | null
}

export const authenticationMethodNames = [
  'client_secret_basic',
  'client_secret_post',
  'private_key_jwt',
  'tls_client_auth',
  'self_signed_tls_client_auth',
] as const

export type AuthenticationMethodName = (typeof authenticationMethodNames)[number]

/** Exactly one way to name the certificate, and who must have issued it. */
export interface TlsClientAuth {
  kind: 'subject_dn' | 'san_dns' | 'san_uri' | 'san_ip' | 'san_email'
  value: string
  /** The certificates of the authorities that may have issued it, PEM. */
  authorities: string
}

/** How many secrets of a client may be alive at once: the old and the new one while rotating. */
export const liveSecretsLimit = 2

export const tokenLifetime = { defaultSeconds: 3600, minSeconds: 60, maxSeconds: 86_400 }

/** From its expiry second on a secret fails. */
export function isAlive(secret: ClientSecret, nowMs: number): boolean {
  return secret.revokedAt === null && (secret.expiresAt === null || nowMs < secret.expiresAt)
}
