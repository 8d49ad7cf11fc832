import { randomBytes } from 'node:crypto'
import type { Database } from '../database/tables.ts'
import { hashPassword, verifyPassword } from './passwords.ts'
import { type Candidate, listCandidates, readPasswordHashes } from './person-store.ts'

/** Whoever may be meant is checked, and as many more that a refusal takes the same time for every address. */
const checks = 3

/** A hash of a password that nobody has. */
let nobodysHash: Promise<string> | undefined

/** Which of those who may be meant by an address has this password. */
export async function findByPassword(
  db: Database,
  address: string,
  password: string,
): Promise<Candidate | undefined> {
  nobodysHash ??= hashPassword(randomBytes(24).toString('base64url'))
  const nobody = await nobodysHash
  const candidates = await listCandidates(db, address)
  const hashes = await readPasswordHashes(
    db,
    candidates.map(({ personId }) => personId),
  )
  const verified = await Promise.all(
    Array.from({ length: checks }, async (_, index) => {
      const candidate = candidates[index]
      const hash = candidate && hashes.get(candidate.personId)
      const matches = await verifyPassword(hash ?? nobody, password)
      return matches && hash !== undefined ? candidate : undefined
    }),
  )
  return verified.find((candidate) => candidate !== undefined)
}

/** Whether this is the password of a person. */
export async function isPasswordOf(db: Database, personId: string, password: string): Promise<boolean> {
  const hash = (await readPasswordHashes(db, [personId])).get(personId)
  return hash !== undefined && (await verifyPassword(hash, password))
}
