import type { Now } from '../vocabulary/clock.ts'
import type { IntrospectionAnswer } from './introspection.ts'
import type { SigningKeys } from './signing-keys.ts'

/**
 * The answer as a signed JWT (RFC 9701 §5), to keep as evidence. Its type and its missing `sub` and `exp` keep it
 * from passing as an access token (§8.1).
 */
export async function signIntrospection(
  answer: IntrospectionAnswer,
  audience: string,
  { issuer, keys, now }: { issuer: string; keys: SigningKeys; now: Now },
): Promise<string> {
  const key = keys.current()
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const { alg }: { alg: string } = JSON.parse(Buffer.from(key.header, 'base64url').toString())
  const header = { alg, typ: 'token-introspection+jwt', kid: key.id }
  const claims = { iss: issuer, aud: audience, iat: Math.floor(now() / 1000), token_introspection: answer }
  const input = `${part(header)}.${part(claims)}`
  return `${input}.${(await key.sign(input)).toString('base64url')}`
}
