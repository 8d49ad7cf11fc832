// The only door to the master key: everything secret at rest is wrapped by it (AES-256-GCM).
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseMasterKey } from './config/parse.ts'
import type { Database } from './database/tables.ts'

/** Wraps and unwraps keys at rest. `name` says what the bytes are for: one cannot be passed off as another. */
export interface Vault {
  wrap: (name: string, plain: Buffer) => string
  unwrap: (name: string, wrapped: string) => Buffer
  /** True when it was wrapped with this master key. */
  owns: (wrapped: string) => boolean
}

/** The master key is missing or is not the one that the data was wrapped with. */
export class VaultError extends Error {}

/** @param previous the master key of before: it opens what was wrapped with it, and wraps nothing. */
export function openVault(masterKey: Buffer, previous?: Buffer): Vault {
  const keyId = idOf(masterKey)
  const previousId = previous && idOf(previous)
  const given = previousId === undefined ? keyId : `${keyId}, before ${previousId}`
  return {
    owns: (wrapped) => wrappingKeyOf(wrapped) === keyId,
    wrap(name, plain) {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', masterKey, nonce).setAAD(Buffer.from(name))
      const sealed = Buffer.concat([cipher.update(plain), cipher.final()])
      return [
        'v1',
        keyId,
        ...[nonce, sealed, cipher.getAuthTag()].map((part) => part.toString('base64url')),
      ].join('.')
    },
    unwrap(name, wrapped) {
      const [version, wrappedWith, nonce, sealed, tag] = wrapped.split('.')
      if (version !== 'v1' || !nonce || sealed === undefined || !tag)
        throw new VaultError(`The stored key ${name} is damaged.`)
      const key = wrappedWith === keyId ? masterKey : wrappedWith === previousId ? previous : undefined
      if (key === undefined) {
        throw new VaultError(
          `The stored keys were wrapped with another master key (${wrappedWith}) than the one given (${given}). Set LATCHKEY_MASTER_KEY to the one they were made with, or LATCHKEY_PREVIOUS_MASTER_KEY to change it.`,
        )
      }
      const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64url'))
      decipher.setAAD(Buffer.from(name)).setAuthTag(Buffer.from(tag, 'base64url'))
      try {
        return Buffer.concat([decipher.update(Buffer.from(sealed, 'base64url')), decipher.final()])
      } catch {
        throw new VaultError(`The stored key ${name} is damaged or was exchanged.`)
      }
    },
  }
}

/** Which master key something was wrapped with, by the id that tells nothing of the key. */
export function wrappingKeyOf(wrapped: string): string {
  return wrapped.split('.')[1] ?? ''
}

/** Says which master key it was without telling anything about it. */
function idOf(masterKey: Buffer): string {
  return createHash('sha256').update('latchkey master key id').update(masterKey).digest('hex').slice(0, 12)
}

/**
 * The master key of an embedded start outside production: made once, kept beside the data (mode 0600).
 * @param mayCreate false when the database already holds wrapped keys: a new key could not open them.
 */
export function localMasterKey(dataDir: string, mayCreate: boolean): Buffer {
  const file = join(dataDir, 'master.key')
  if (existsSync(file)) {
    const key = parseMasterKey(readFileSync(file, 'utf8').trim())
    if (key) return key
    throw new VaultError(`${file} does not hold a master key (32 bytes as base64url).`)
  }
  if (!mayCreate) {
    throw new VaultError(
      `${file} is gone, and the database holds keys that were wrapped with it. Restore the file, or set LATCHKEY_MASTER_KEY.`,
    )
  }
  const key = randomBytes(32)
  writeFileSync(file, `${key.toString('base64url')}\n`, { mode: 0o600, flag: 'wx' })
  chmodSync(file, 0o600)
  return key
}

/** True when something was wrapped before, so that only its own master key will do. */
export async function holdsWrappedKeys(db: Database): Promise<boolean> {
  const row = await db.selectFrom('wrapped_secret').select('name').limit(1).executeTakeFirst()
  return row !== undefined
}

/** A random 256-bit secret that every node shares: made by whoever asks first, then always the same. */
export async function sharedSecret(db: Database, vault: Vault, name: string, nowMs: number): Promise<Buffer> {
  const wrapped = vault.wrap(name, randomBytes(32))
  await db
    .insertInto('wrapped_secret')
    .values({ name, wrapped, created_at: nowMs })
    .onConflict((conflict) => conflict.column('name').doNothing())
    .execute()
  const row = await db
    .selectFrom('wrapped_secret')
    .select('wrapped')
    .where('name', '=', name)
    .executeTakeFirstOrThrow()
  return vault.unwrap(name, row.wrapped)
}
