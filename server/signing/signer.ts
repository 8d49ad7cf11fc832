import type { KeyObject } from 'node:crypto'
import type { AlgorithmName, Sign } from './algorithms.ts'

/** A key that was just made, as the database keeps it. */
export interface NewKey {
  publicJwk: Record<string, unknown>
  /** The private half wrapped by the master key; empty when it is somewhere else. */
  wrappedPrivateKey: string
}

/** A key as the database has it. */
export interface KeptKey {
  id: string
  algorithm: AlgorithmName
  /** The public half as JSON. */
  publicJwk: string
  wrappedPrivateKey: string
}

/** A key that is ready. */
export interface OpenedKey {
  publicKey: KeyObject
  /** Throws a 503 while the signer is away. */
  sign: Sign
}

/** Where private keys are, and who signs with them: this process, another one, a KMS or a PKCS#11 token. */
export interface Signer {
  /** What the column `signer` says of its keys. */
  name: string
  /** Makes a key and keeps its private half. */
  generate: (keyId: string, algorithm: AlgorithmName) => Promise<NewKey>
  open: (key: KeptKey) => OpenedKey
  close: () => void
}
