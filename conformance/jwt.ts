// Tokens taken apart, and put together wrongly.
import { createHmac, type KeyObject, sign } from 'node:crypto'
import { asObject } from './answer.ts'
import type { Json } from './target.ts'

export interface DecodedToken {
  header: Json
  claims: Json
}

/** Header and claims of a JWT (RFC 7519 §3); nothing is verified. */
export function decodeToken(token: string): DecodedToken {
  const [header = '', claims = ''] = token.split('.')
  const read = (part: string) => asObject(JSON.parse(Buffer.from(part, 'base64url').toString('utf8')))
  return { header: read(header), claims: read(claims) }
}

/** Header and claims as they are signed; members that are undefined are left out. */
export function signingInput(header: Json, claims: Json): string {
  const encode = (value: Json) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${encode(header)}.${encode(claims)}`
}

export function unsignedToken(header: Json, claims: Json): string {
  return `${signingInput(header, claims)}.`
}

/** RFC 7518 §3.4 for EC keys, §3.3 for RSA keys. */
export function signedToken(header: Json, claims: Json, key: KeyObject): string {
  const input = signingInput(header, claims)
  const signature = sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' })
  return `${input}.${signature.toString('base64url')}`
}

/** Signed with a text as the secret: what a verifier falls for that lets the header choose (RFC 8725 §2.1). */
export function hmacToken(header: Json, claims: Json, secret: string | Buffer): string {
  const input = signingInput(header, claims)
  return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
}
