import { createHash, createHmac, createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import { type Environment, environmentPrefix } from '../vocabulary/environment.ts'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** A secret made by us: what its owner keeps, and what we keep of it. */
export interface NewSecret {
  id: string
  /** Shown once, never stored. */
  secret: string
  /** The end of it, to tell secrets apart. */
  hint: string
}

/** What a secret is stored under: a keyed hash; its 256 bits need no slow one. */
export function openPepper(pepper: Buffer): KeyObject {
  return createSecretKey(pepper)
}

export function hashSecret(pepper: KeyObject, secret: string): Buffer {
  return createHmac('sha256', pepper).update(secret).digest()
}

/**
 * `lk_test_<id>_<random><checksum>`: the environment can be seen, scanners can recognise it and check it
 * without asking us, and 32 random bytes cannot be guessed (RFC 6749 §10.10).
 */
export function makeSecret(environment: Environment): NewSecret {
  const id = randomText(8)
  const body = `lk_${environmentPrefix(environment)}_${id}_${randomBytes(32).toString('base64url')}`
  const secret = body + checksum(body)
  return { id: `sec_${id}`, secret, hint: secret.slice(-4) }
}

/** True for a text that we made, or that was made to look so: its checksum holds. */
export function isOurSecret(text: string): boolean {
  return (
    /^lk_(test|prod)_[A-Za-z0-9]{8}_[A-Za-z0-9_-]{49}$/.test(text) &&
    text.endsWith(checksum(text.slice(0, -6)))
  )
}

/** What can be read off a text that begins as our secrets do, whether it is one or not. */
export function readSecret(text: string): { id: string; environment: Environment } | undefined {
  const [, prefix, id] = /^lk_(test|prod)_([A-Za-z0-9]{8})_/.exec(text) ?? []
  if (id === undefined) return undefined
  return { id: `sec_${id}`, environment: prefix === 'test' ? 'test' : 'production' }
}

// 36 bits: enough that a scanner has no false finds.
function checksum(body: string): string {
  return createHash('sha256').update(body).digest('base64url').slice(0, 6)
}

function randomText(length: number): string {
  // 62 does not divide 256: values from 248 on would make some letters likelier, so they are drawn again.
  let text = ''
  while (text.length < length) {
    for (const byte of randomBytes(length))
      if (byte < 248 && text.length < length) text += alphabet[byte % 62]
  }
  return text
}
