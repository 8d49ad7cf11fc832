import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import type { Database } from '../database/tables.ts'
import type { Vault } from '../vault.ts'
import type { NewId, Now } from '../vocabulary/clock.ts'
import { OAuthError } from '../vocabulary/oauth-error.ts'
import { insertFirstKey, listKeys, type StoredKey } from './key-store.ts'

/** One key that signs: the JWS header is the same for every token, so it is written once. */
export interface SigningKey {
  id: string
  /** The encoded header `{"alg","typ","kid"}` (RFC 9068 §2.1). */
  header: string
  sign: (input: string) => Buffer
}

/** The keys of this issuer: one signs, all that may have signed a living token are published. */
export interface SigningKeys {
  /** @throws {OAuthError} 503 when there is none: never an unsigned token. */
  current: () => SigningKey
  find: (keyId: string) => KeyObject | undefined
  /** The published keys (RFC 7517 §5), only public members. */
  jwks: () => { keys: Record<string, unknown>[] }
  reload: () => Promise<void>
}

interface LoadedKey extends SigningKey {
  activeFrom: number
  removedFrom: number | null
  publicKey: KeyObject
  publicJwk: Record<string, unknown>
}

/** Loads the keys, and makes the first one where there is none. */
export async function openSigningKeys(
  db: Database,
  vault: Vault,
  now: Now,
  newId: NewId,
): Promise<SigningKeys> {
  let keys: LoadedKey[] = []
  const reload = async () => {
    keys = (await listKeys(db)).map((stored) => load(stored, vault))
  }
  await reload()
  if (keys.length === 0) {
    await insertFirstKey(db, generate(vault, newId, now()), now())
    await reload()
  }
  const published = (key: LoadedKey) => key.removedFrom === null || now() < key.removedFrom
  return {
    current() {
      const key = keys.find((candidate) => candidate.activeFrom <= now() && published(candidate))
      if (key) return key
      throw new OAuthError(
        'temporarily_unavailable',
        'No signing key is active. Nothing was changed. Retry after the time in Retry-After.',
        { headers: { 'retry-after': '10' } },
      )
    },
    find: (keyId) => keys.find((key) => key.id === keyId && published(key))?.publicKey,
    jwks: () => ({ keys: keys.filter(published).map((key) => key.publicJwk) }),
    reload,
  }
}

function generate(vault: Vault, newId: NewId, nowMs: number): StoredKey {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const id = newId('key')
  // RFC 7517 §4: what the key is for and by which algorithm.
  const publicJwk = { ...publicKey.export({ format: 'jwk' }), kid: id, use: 'sig', alg: 'ES256' }
  return {
    id,
    publicJwk: JSON.stringify(publicJwk),
    wrappedPrivateKey: vault.wrap(id, privateKey.export({ format: 'der', type: 'pkcs8' })),
    activeFrom: nowMs,
    removedFrom: null,
  }
}

function load(stored: StoredKey, vault: Vault): LoadedKey {
  const der = vault.unwrap(stored.id, stored.wrappedPrivateKey)
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  const header = JSON.stringify({ alg: 'ES256', typ: 'at+jwt', kid: stored.id })
  return {
    id: stored.id,
    header: Buffer.from(header).toString('base64url'),
    // RFC 7518 §3.4: R and S side by side, not DER.
    sign: (input) => sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }),
    activeFrom: stored.activeFrom,
    removedFrom: stored.removedFrom,
    publicKey: createPublicKey(key),
    publicJwk: JSON.parse(stored.publicJwk),
  }
}
