// The private keys of a signing process: a file each, readable by its owner alone.
import { createPrivateKey, type KeyObject } from 'node:crypto'
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import {
  type AlgorithmName,
  algorithmNames,
  algorithms,
  publicJwk,
  type Sign,
  signerOf,
} from './algorithms.ts'

/** Why a signing process does not start, in a sentence. */
export class SigningProcessError extends Error {}

export interface KeyFolder {
  /** Makes a key and keeps it. @returns its public half. @throws {Error} when there is one of that id. */
  generate: (keyId: string, algorithm: AlgorithmName) => Promise<Record<string, unknown>>
  /** @throws {Error} when there is no such key. */
  sign: (keyId: string, input: string) => Buffer | Promise<Buffer>
  list: () => Record<string, unknown>[]
}

/** @throws {SigningProcessError} when others than the owner may look into the folder. */
export function openKeyFolder(folder: string): KeyFolder {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if ((statSync(folder).mode & 0o077) !== 0)
    throw new SigningProcessError(
      `The folder ${folder} is open to others than its owner. Run: chmod 700 ${folder}`,
    )
  const keys = new Map<string, { publicJwk: Record<string, unknown>; sign: Sign }>()
  const add = (keyId: string, key: KeyObject) => {
    const algorithm = algorithmOf(key)
    if (!algorithm)
      throw new SigningProcessError(`The key ${keyId} in ${folder} is of no kind that we sign with.`)
    const added = { publicJwk: publicJwk(key, keyId, algorithm), sign: signerOf(algorithm, key) }
    keys.set(keyId, added)
    return added
  }
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.pem')))
    add(file.slice(0, -'.pem'.length), createPrivateKey(readFileSync(join(folder, file))))
  return {
    async generate(keyId, algorithm) {
      const key = await algorithms[algorithm].generate()
      writeKey(folder, keyId, key)
      return add(keyId, key).publicJwk
    },
    sign(keyId, input) {
      const key = keys.get(keyId)
      if (!key) throw new Error(`There is no key ${keyId}.`)
      return key.sign(input)
    },
    list: () => [...keys.values()].map((key) => key.publicJwk),
  }
}

function algorithmOf(key: KeyObject): AlgorithmName | undefined {
  return algorithmNames.find((name) =>
    algorithms[name].takes(key.asymmetricKeyType, key.asymmetricKeyDetails),
  )
}

/** Whole and synced under its name, or not there; a key that is there is never replaced. */
function writeKey(folder: string, keyId: string, key: KeyObject): void {
  const name = join(folder, `${keyId}.pem`)
  const incoming = `${name}.${process.pid}.incoming`
  const file = openSync(incoming, 'wx', 0o600)
  try {
    writeSync(file, key.export({ format: 'pem', type: 'pkcs8' }))
    fsyncSync(file)
    linkSync(incoming, name)
  } finally {
    closeSync(file)
    rmSync(incoming)
  }
  const directory = openSync(folder, 'r')
  fsyncSync(directory)
  closeSync(directory)
}
