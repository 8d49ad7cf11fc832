// Access tokens for `token` and `curl`: by the SDK, kept between runs.
import { createClient, type Latchkey } from '@latchkey/client'
import { fileStore } from '@latchkey/client/file-store'
import { isRecord } from './json.ts'
import type { CallerSettings } from './profile.ts'

/** Forgets what is kept between runs: encrypted files in the user's cache folder. */
export function clearTokens(): Promise<void> {
  return fileStore().clear()
}

/** What can be read off one of our access tokens (RFC 9068), which nobody has verified. */
export interface TokenFacts {
  issuer: string | undefined
  audience: string[]
  clientId: string | undefined
  environment: string | undefined
  scopes: string[]
  issuedAt: number | undefined
  /** Seconds since 1970. */
  expiresAt: number | undefined
  id: string | undefined
  type: string | undefined
  algorithm: string | undefined
  /** Whether it is bound to a key (RFC 9449, RFC 8705): alone it opens nothing. */
  boundTo: 'dpop' | 'certificate' | undefined
}

/** @param scopes from the command line; without them those of the environment or the profile. */
export function openTokens({ client }: CallerSettings, scopes: readonly string[] | undefined): Latchkey {
  return createClient({ ...client, store: fileStore(), ...(scopes && scopes.length > 0 && { scopes }) })
}

/** Undefined: the text is no JSON Web Token. */
export function readToken(token: string): TokenFacts | undefined {
  const parts = token.split('.')
  if (parts.length !== 3) return undefined
  const [header, claims] = parts.map(decodePart)
  if (!isRecord(header) || !isRecord(claims)) return undefined
  const text = (value: unknown) => (typeof value === 'string' ? value : undefined)
  const number = (value: unknown) => (typeof value === 'number' ? value : undefined)
  const { aud, cnf } = claims
  const audience: unknown[] = Array.isArray(aud) ? aud : [aud]
  const binding = isRecord(cnf) ? cnf : {}
  return {
    issuer: text(claims.iss),
    audience: audience.filter((entry) => typeof entry === 'string'),
    clientId: text(claims.client_id),
    environment: text(claims.environment),
    scopes: (text(claims.scope) ?? '').split(' ').filter((scope) => scope !== ''),
    issuedAt: number(claims.iat),
    expiresAt: number(claims.exp),
    id: text(claims.jti),
    type: text(header.typ),
    algorithm: text(header.alg),
    boundTo: 'jkt' in binding ? 'dpop' : 'x5t#S256' in binding ? 'certificate' : undefined,
  }
}

function decodePart(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}
