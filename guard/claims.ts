// What the claims of an access token must say, whoever vouches for them: RFC 9068 §2.2, §4.
import type { AccessToken } from './access-token.ts'
import { readConfirmation } from './confirmation.ts'
import type { Refusals } from './refusals.ts'

/** The audience of an API: one for each environment it serves. */
export type Audiences = Partial<Record<AccessToken['environment'], string>>

/**
 * The claims of a token, read from the token itself or from what introspection says of it (RFC 7662 §2.2).
 * @throws {GuardError} 401 for what is no access token of this API and environment.
 */
export function readClaims(
  payload: Record<string, unknown>,
  { audiences: ours }: { audiences: Audiences },
  refusals: Refusals,
  nowMs: number,
): AccessToken {
  const { iss, sub, aud, exp, iat, jti, scope, environment } = payload
  const clientId = payload.client_id
  const wellFormed =
    typeof iss === 'string' &&
    typeof sub === 'string' &&
    typeof clientId === 'string' &&
    typeof jti === 'string' &&
    typeof scope === 'string' &&
    isTime(exp) &&
    isTime(iat) &&
    (environment === 'test' || environment === 'production')
  if (!wellFormed)
    throw refusals.invalidToken(
      'The token lacks a claim that access tokens have (RFC 9068). Request a new one.',
    )
  if (iat > nowMs / 1000 + 60)
    throw refusals.invalidToken('The token was issued in the future. Check the clocks.')
  const audiences: unknown[] = [aud ?? []].flat()
  // The environment is sealed in twice, by audience and by claim; both must say the same, and nothing else.
  const audience = ours[environment]
  const foreign = Object.values(ours).filter((other) => other !== audience)
  if (
    audience === undefined ||
    !audiences.includes(audience) ||
    !audiences.every(isText) ||
    audiences.some((each) => foreign.includes(each))
  ) {
    throw refusals.invalidToken(wrongAudience(environment, ours))
  }
  const confirmation = payload.cnf === undefined ? undefined : readConfirmation(payload.cnf, refusals)
  return {
    issuer: iss,
    clientId,
    audiences,
    scopes: scope.split(' ').filter((name) => name !== ''),
    environment,
    issuedAt: iat,
    expiresAt: exp,
    id: jti,
    ...(confirmation && { confirmation }),
  }
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

/** Unix seconds as an issuer writes them: whole, and not beyond what a number can count. */
function isTime(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

function wrongAudience(environment: AccessToken['environment'], audiences: Audiences): string {
  const [only, second] = Object.keys(audiences)
  if (only !== undefined && second === undefined && only !== environment) {
    return `This is a ${environment} token and this API accepts ${only} tokens only. Use a ${only} client.`
  }
  return 'The token was issued for another API. Request one with a scope of this API.'
}
