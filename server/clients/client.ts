import type { Environment } from '../vocabulary/environment.ts'

/** An API client as the token endpoint needs it, with the secrets that may still authenticate it. */
export interface Client {
  id: string
  accountId: string
  environment: Environment
  name: string
  scopes: readonly string[]
  tokenLifetimeSeconds: number
  disabledAt: number | null
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

/** How many secrets of a client may be alive at once: the old and the new one while rotating. */
export const liveSecretsLimit = 2

export const tokenLifetime = { defaultSeconds: 3600, minSeconds: 60, maxSeconds: 86_400 }

/** From its expiry second on a secret fails. */
export function isAlive(secret: ClientSecret, nowMs: number): boolean {
  return secret.revokedAt === null && (secret.expiresAt === null || nowMs < secret.expiresAt)
}
