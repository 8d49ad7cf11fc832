import type { Vault } from '../vault.ts'
import { createLocalSigner } from './local-signer.ts'
import type { Signer } from './signer.ts'
import { createUnixSigner } from './unix-signer.ts'

/** Who may hold signing keys here; the first makes new ones. A KMS would be one more, with its own setting. */
export function openSigners(socketPath: string | undefined, vault: Vault): readonly [Signer, ...Signer[]] {
  const local = createLocalSigner(vault)
  return socketPath === undefined ? [local] : [createUnixSigner(socketPath), local]
}
