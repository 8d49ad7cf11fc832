import type { Client } from '../clients/client.ts'
import type { NewId, Now } from '../vocabulary/clock.ts'
import type { Confirmation } from './confirmation.ts'
import type { SigningKeys } from './signing-keys.ts'

/** What a token is minted from. */
export interface Mint {
  client: Client
  scopes: readonly string[]
  audiences: readonly string[]
  /** What the token is bound to; undefined: a bearer token. */
  confirmation: Confirmation | undefined
}

/**
 * @returns the signed token: a JWT by RFC 9068 §2, without personal data. At once with a key that signs at once.
 */
export type MintAccessToken = (facts: Mint) => string | Promise<string>

export function createAccessTokens(
  issuer: string,
  keys: SigningKeys,
  now: Now,
  newId: NewId,
): MintAccessToken {
  return ({ client, scopes, audiences, confirmation }) => {
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
      // RFC 7800 §3.1.
      ...(confirmation && { cnf: confirmation }),
      iat: issuedAt,
      exp: issuedAt + client.tokenLifetimeSeconds,
      // A UUIDv7: its milliseconds say whether it was issued before a revocation.
      jti: newId(),
    }
    const input = `${key.header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`
    const signature = key.sign(input)
    return signature instanceof Promise
      ? signature.then((bytes) => `${input}.${bytes.toString('base64url')}`)
      : `${input}.${signature.toString('base64url')}`
  }
}
