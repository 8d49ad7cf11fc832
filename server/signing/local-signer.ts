import { createPrivateKey, createPublicKey } from 'node:crypto'
import type { Vault } from '../vault.ts'
import { algorithms, publicJwk, signerOf } from './algorithms.ts'
import type { Signer } from './signer.ts'

/** Signs in this process, with keys that the database holds wrapped by the master key. */
export function createLocalSigner(vault: Vault): Signer {
  return {
    name: 'local',
    async generate(keyId, algorithm) {
      const key = await algorithms[algorithm].generate()
      return {
        publicJwk: publicJwk(key, keyId, algorithm),
        wrappedPrivateKey: vault.wrap(keyId, key.export({ format: 'der', type: 'pkcs8' })),
      }
    },
    open({ id, algorithm, wrappedPrivateKey }) {
      const der = vault.unwrap(id, wrappedPrivateKey)
      const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
      // From the private half, which nobody can exchange who has only the database.
      return { publicKey: createPublicKey(key), sign: signerOf(algorithm, key) }
    },
    close: () => undefined,
  }
}
