import type { Client } from '../clients/client.ts'
import type { NewId, Now } from '../vocabulary/clock.ts'
import type { SigningKeys } from './signing-keys.ts'

/** What a token is minted from. */
export interface Mint {
  client: Client
  scopes: readonly string[]
  audiences: readonly string[]
}

/** @returns the signed token: a JWT by RFC 9068 §2, without personal data. */
export type MintAccessToken = (facts: Mint) => string

export function createAccessTokens(
  issuer: string,
  keys: SigningKeys,
  now: Now,
  newId: NewId,
): MintAccessToken {
  return ({ client, scopes, audiences }) => {
    const key = keys.current()
    const issuedAt = Math.floor(now() / 1000)
    const claims = {
      iss: issuer,
      // RFC 9068 §2.2: without a resource owner the subject is the client.
      sub: client.id,
      client_id: client.id,
      aud: audiences.length === 1 ? audiences[0] : audiences,
      scope: scopes.join(' '),
      environment: client.environment,
      iat: issuedAt,
      exp: issuedAt + client.tokenLifetimeSeconds,
      // A UUIDv7: its milliseconds say whether it was issued before a revocation.
      jti: newId(),
    }
    const input = `${key.header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`
    return `${input}.${key.sign(input).toString('base64url')}`
  }
}
