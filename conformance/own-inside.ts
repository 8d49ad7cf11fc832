// What can be seen and done only from inside the process of our own server.
import { generateKeyPairSync, sign } from 'node:crypto'
import type { World } from '../server/testing/world.ts'
import { openVault } from '../server/vault.ts'
import { signedToken } from './jwt.ts'
import type { Json } from './target.ts'

/**
 * Publishes a second signing key whose private half the checks have: tokens that are signed rightly and
 * say something wrong.
 */
export async function addSigningKey(world: World) {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const id = world.newId('key')
  const now = world.clock.now()
  // The master key of every test world.
  const vault = openVault(Buffer.alloc(32, 7))
  await world.database.db
    .insertInto('signing_key')
    .values({
      id,
      algorithm: 'ES256',
      public_jwk: JSON.stringify({
        ...publicKey.export({ format: 'jwk' }),
        kid: id,
        use: 'sig',
        alg: 'ES256',
      }),
      wrapped_private_key: vault.wrap(id, privateKey.export({ format: 'der', type: 'pkcs8' })),
      created_at: now,
      // Older than the server's own, so that it is published and does not sign.
      active_from: now - 86_400_000,
      removed_from: null,
    })
    .execute()
  await world.app.keys.reload()
  return {
    sign: (header: Json, claims: Json) =>
      signedToken({ alg: 'ES256', typ: 'at+jwt', kid: id, ...header }, claims, privateKey),
    signInput: (input: string) =>
      sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' }),
  }
}

/** Counts the questions about clients from now on; they are asked and answered as ever. */
export function countClientLoads({ database: { db } }: World): () => number {
  let loads = 0
  const { selectFrom } = db
  Object.defineProperty(db, 'selectFrom', {
    value: (table: unknown) => {
      if (table === 'client') loads += 1
      return Reflect.apply(selectFrom, db, [table])
    },
  })
  return () => loads
}
