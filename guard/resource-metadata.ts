import type { AccessToken } from './access-token.ts'
import type { AuthorizationHeader } from './bearer.ts'
import { GuardError } from './errors.ts'

/** The address of an API's metadata (RFC 9728 §3), for each environment that it serves. */
export type ResourceMetadata = Partial<Record<AccessToken['environment'], string>>

/**
 * Adds `resource_metadata` to the challenge of a refusal (RFC 9728 §5.1). The address of the test environment is
 * told to who presents a test token; anybody else gets the one of production.
 * @returns the error, for throwing on.
 */
export function announceMetadata(
  error: unknown,
  authorization: AuthorizationHeader,
  metadata: ResourceMetadata | undefined,
): unknown {
  if (!(error instanceof GuardError) || metadata === undefined) return error
  const url =
    metadata[isTestToken(authorization) ? 'test' : 'production'] ?? metadata.production ?? metadata.test
  const challenge = error.headers['www-authenticate']
  if (challenge !== undefined && url !== undefined)
    error.headers['www-authenticate'] = `${challenge}, resource_metadata="${url}"`
  return error
}

/** What the token says of itself, verified or not: it decides about a public address only. */
function isTestToken(authorization: AuthorizationHeader): boolean {
  const [, payload] = typeof authorization === 'string' ? authorization.split('.') : []
  if (payload === undefined) return false
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString())
    return (
      typeof claims === 'object' &&
      claims !== null &&
      'environment' in claims &&
      claims.environment === 'test'
    )
  } catch {
    return false
  }
}
