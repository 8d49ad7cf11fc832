// Tokens that are bound to a key or a certificate, and proofs by that key: right in everything but the wish of a test.
import assert from 'node:assert/strict'
import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { calculateJwkThumbprint, exportJWK, SignJWT } from 'jose'
import type { Call } from '../confirmation.ts'
import { GuardError } from '../errors.ts'
import { createGuard } from '../guard.ts'
import type { GuardOptions } from '../guard-options.ts'

export const issuer = 'https://api.example/oauth'
export const audiences = { test: 'https://orders.example/test' }
export const url = 'https://orders.example/orders'
const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
export const holder = generateKeyPairSync('ec', { namedCurve: 'P-256' })
export const other = generateKeyPairSync('ec', { namedCurve: 'P-256' })
export const startMs = Date.UTC(2026, 10, 24)
export const now = startMs / 1000

export const thumbprintOf = async (key: KeyObject) => calculateJwkThumbprint(await exportJWK(key))

export const token = (cnf: unknown, scope = 'order_read') => signed({ cnf, scope })

/** A token that is right in everything but the wish. */
export async function signed(wish: Record<string, unknown> = {}): Promise<string> {
  const claims = {
    iss: issuer,
    sub: 'test-a-b-100',
    client_id: 'test-a-b-100',
    aud: audiences.test,
    scope: 'order_read',
    environment: 'test',
    iat: now,
    exp: now + 3600,
    jti: 'j',
    ...wish,
  }
  return new SignJWT(claims).setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: 'k1' }).sign(privateKey)
}

export const boundToken = async () => token({ jkt: await thumbprintOf(holder.publicKey) })
export const hashOf = (text: string) => createHash('sha256').update(text).digest('base64url')

let proofs = 0

/** A proof that is right in everything but the wish. */
export async function proof(
  accessToken: string,
  claims: Record<string, unknown> = {},
  header: Record<string, unknown> = {},
  pair = holder,
): Promise<string> {
  proofs += 1
  const all = { jti: `p${proofs}`, htm: 'GET', htu: url, iat: now, ath: hashOf(accessToken), ...claims }
  const jwk = await exportJWK(pair.publicKey)
  return new SignJWT(all)
    .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk, ...header })
    .sign(pair.privateKey)
}

export const guardWith = (options: Partial<GuardOptions> = {}) =>
  createGuard({
    issuer,
    audiences,
    findKey: (id) => (id === 'k1' ? publicKey : undefined),
    now: () => startMs,
    ...options,
  })

export const callWith = (...dpopProofs: string[]): Call => ({ method: 'GET', url, dpopProofs })

export async function refusal(run: Promise<unknown>): Promise<GuardError> {
  const error = await run.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof GuardError, String(error))
  return error
}

export function assertRefused(error: GuardError, code: string, scheme = 'DPoP') {
  assert.deepEqual([error.status, error.code], [401, code])
  const algs = scheme === 'DPoP' ? ', algs="ES256 Ed25519 EdDSA RS256 PS256"' : ''
  assert.match(
    error.headers['www-authenticate'] ?? '',
    new RegExp(`^${scheme} realm="api.example"${algs}, error="${code}", error_description="[ !#-[\\]-~]+"$`),
  )
}
