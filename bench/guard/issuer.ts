import { createPublicKey, generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto'
import { createGuard, type Guard } from '@latchkey/guard'

export const requiredScope = 'orders_read'

const issuer = 'https://api.example/oauth'
const audience = 'https://orders.example/test'

/** An issuer in memory: its public key, and a new token at each call, as our server makes them. */
export function makeIssuer(): { publicKey: string; token: () => string } {
  const { publicKey, privateKey: key } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return {
    publicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64url'),
    token: () => makeToken(key),
  }
}

/** A guard that accepts the tokens of the issuer with this public key. */
export function makeGuard(publicKey: string): Guard {
  const key = createPublicKey({ key: Buffer.from(publicKey, 'base64url'), format: 'der', type: 'spki' })
  return createGuard({ issuer, audiences: { test: audience }, findKey: () => key })
}

function makeToken(key: KeyObject): string {
  const issuedAt = Math.floor(Date.now() / 1000)
  const clientId = 'test-bench-client-0000'
  const claims = {
    iss: issuer,
    sub: clientId,
    client_id: clientId,
    aud: audience,
    scope: `orders_write ${requiredScope}`,
    environment: 'test',
    iat: issuedAt,
    exp: issuedAt + 3600,
    jti: randomUUID(),
  }
  const input = [{ alg: 'ES256', typ: 'at+jwt', kid: 'bench' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  const signature = sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' })
  return `${input}.${signature.toString('base64url')}`
}
