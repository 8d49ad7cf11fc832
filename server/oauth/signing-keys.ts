import type { KeyObject } from 'node:crypto'
import type { Database } from '../database/tables.ts'
import { type AlgorithmName, publicJwk, readPublicJwk, type Sign } from '../signing/algorithms.ts'
import type { Signer } from '../signing/signer.ts'
import { systemActor } from '../vocabulary/actor.ts'
import type { NewId, Now } from '../vocabulary/clock.ts'
import { OAuthError } from '../vocabulary/oauth-error.ts'
import { auditNewKey } from './key-audit.ts'
import { insertFirstKey, listKeys, type StoredKey } from './key-store.ts'
import { isPublished, signingNow } from './rotation.ts'

/** One key that signs: the JWS header is the same for every token, so it is written once. */
export interface SigningKey {
  id: string
  algorithm: AlgorithmName
  /** The encoded header `{"alg","typ","kid"}` (RFC 9068 §2.1). */
  header: string
  sign: Sign
}

/** The keys of this issuer: one signs, all that may have signed a living token are published. */
export interface SigningKeys {
  /** @throws {OAuthError} 503 when there is none: never an unsigned token. */
  current: () => SigningKey
  /** True when `current` has one. */
  canSign: () => boolean
  find: (keyId: string) => KeyObject | undefined
  /** The published keys (RFC 7517 §5), only public members. */
  jwks: () => { keys: Record<string, unknown>[] }
  reload: () => Promise<void>
}

interface LoadedKey extends SigningKey {
  activeFrom: number
  removedFrom: number | null
  /** What this node vouches for; not there when it could not open the key. */
  published: { key: KeyObject; jwk: Record<string, unknown> } | undefined
}

/**
 * Loads the keys, and makes the first one where there is none.
 * @param signers who may hold a key; the first makes new ones.
 * @param onUnreadable told of a key that came later and cannot be opened, e.g. wrapped with a newer master key:
 * this node signs with no other in its place, and goes on.
 */
export async function openSigningKeys(
  db: Database,
  signers: readonly [Signer, ...Signer[]],
  now: Now,
  newId: NewId,
  onUnreadable: (keyId: string, error: unknown) => void,
): Promise<SigningKeys> {
  let keys: LoadedKey[] = []
  const reload = async (whenUnreadable = onUnreadable) => {
    // What has ended is not even loaded.
    const stored = (await listKeys(db)).filter((key) => isPublished(key, now()))
    keys = stored.map((one) => {
      const { activeFrom, removedFrom } = one
      // Opened once, and good as long as the process lives, whatever master key the row is wrapped with now.
      const known = keys.find((key) => key.id === one.id && key.published)
      return { ...(known ?? load(one, signers, whenUnreadable)), activeFrom, removedFrom }
    })
  }
  const refuseToStart = (_keyId: string, error: unknown) => {
    throw error
  }
  await reload(refuseToStart)
  if (keys.length === 0) {
    // Nobody can have a token yet, so it signs at once.
    const made = await makeKey(signers[0], 'ES256', newId)
    const nowMs = now()
    const key = { ...made, createdAt: nowMs, activeFrom: nowMs, removedFrom: null }
    await insertFirstKey(db, key, (tx) =>
      auditNewKey(tx, key, 'first', { actor: systemActor('first_start'), newId, nowMs }),
    )
    await reload(refuseToStart)
  }
  return {
    current() {
      const key = signingNow(keys, now())
      if (key) return key
      throw new OAuthError(
        'temporarily_unavailable',
        'No signing key is active. Nothing was changed. Retry after the time in Retry-After.',
        { headers: { 'retry-after': '10' } },
      )
    },
    canSign: () => signingNow(keys, now()) !== undefined,
    find: (keyId) => keys.find((key) => key.id === keyId && isPublished(key, now()))?.published?.key,
    jwks: () => ({
      keys: keys.flatMap((key) => (key.published && isPublished(key, now()) ? [key.published.jwk] : [])),
    }),
    reload: () => reload(),
  }
}

/** A key without its times. */
export async function makeKey(
  signer: Signer,
  algorithm: AlgorithmName,
  newId: NewId,
): Promise<Omit<StoredKey, 'createdAt' | 'activeFrom' | 'removedFrom'>> {
  const id = newId('key')
  const made = await signer.generate(id, algorithm)
  return {
    id,
    algorithm,
    publicJwk: JSON.stringify(made.publicJwk),
    wrappedPrivateKey: made.wrappedPrivateKey,
    signer: signer.name,
  }
}

function load(
  stored: StoredKey,
  signers: readonly Signer[],
  onUnreadable: (keyId: string, error: unknown) => void,
): LoadedKey {
  const { id, algorithm, activeFrom, removedFrom } = stored
  const header = JSON.stringify({ alg: algorithm, typ: 'at+jwt', kid: id })
  const facts = {
    ...{ id, algorithm, activeFrom, removedFrom },
    header: Buffer.from(header).toString('base64url'),
  }
  try {
    const signer = signers.find((candidate) => candidate.name === stored.signer)
    const { publicKey, sign } = signer
      ? signer.open(stored)
      : { publicKey: readPublicJwk(stored.publicJwk), sign: refuseToSign }
    return { ...facts, sign, published: { key: publicKey, jwk: publicJwk(publicKey, id, algorithm) } }
  } catch (error) {
    onUnreadable(id, error)
    return { ...facts, sign: refuseToSign, published: undefined }
  }
}

/** A key of a signing process that the settings do not name, or one that could not be opened. */
function refuseToSign(): never {
  throw new OAuthError(
    'temporarily_unavailable',
    'The signer of tokens is not set up. Nothing was changed. Retry after the time in Retry-After.',
    { headers: { 'retry-after': '30' } },
  )
}
