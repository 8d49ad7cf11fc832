// The members that a declared set-up names: made when they are missing, in the role that it says.
import type { Database } from '../database/tables.ts'
import { insertMember, listMembers, type MemberRow, updateRole } from '../people/member-store.ts'
import { weaknessOf } from '../people/password.ts'
import { hashPassword } from '../people/passwords.ts'
import { findPersonByEmail, insertPerson, normalAddress } from '../people/person-store.ts'
import type { ApplyStep } from './apply.ts'
import type { DeclaredMember, DeclaredSetup } from './declared-setup.ts'

/** By the password itself: the same one is hashed once. */
export type PasswordHashes = ReadonlyMap<string, string>

/**
 * Hashes take a while: they are made before the transaction begins, and for those alone who are not there yet. A start
 * with people who all are loads nothing of what hashes.
 */
export async function hashPasswords(db: Database, setup: DeclaredSetup): Promise<PasswordHashes> {
  const hashes = new Map<string, string>()
  for (const { email, password } of (setup.accounts ?? []).flatMap((account) => account.members ?? [])) {
    if (password === undefined || hashes.has(password)) continue
    if (await findPersonByEmail(db, normalAddress(email))) continue
    hashes.set(password, await hashPassword(password))
  }
  return hashes
}

/** Members that are there and not named stay. A password of somebody who is there is never changed: it is his. */
export async function applyMembers(
  step: ApplyStep,
  accountId: string,
  declared: readonly DeclaredMember[],
  hashes: PasswordHashes,
): Promise<void> {
  if (declared.length === 0) return
  const known = new Map((await listMembers(step.tx, accountId)).map((member) => [member.personId, member]))
  const seen = new Set<string>()
  for (const [index, member] of declared.entries()) {
    // An address is personal: errors name the place.
    const place = `account ${accountId}: members.${index}`
    const email = normalAddress(member.email)
    // It would have two roles by turns.
    if (seen.has(email)) step.errors.push(`${place} has an address that another one has.`)
    else await applyMember(step, { accountId, place, known, hashes }, { ...member, email })
    seen.add(email)
  }
}

interface Place {
  accountId: string
  /** As an error names the member. */
  place: string
  /** Who is a member already. */
  known: ReadonlyMap<string, MemberRow>
  hashes: PasswordHashes
}

async function applyMember(step: ApplyStep, at: Place, declared: DeclaredMember): Promise<void> {
  const { tx, nowMs, newId } = step
  const { accountId } = at
  const { email, role } = declared
  const note = (
    entry: Pick<Parameters<ApplyStep['note']>[0], 'accountId' | 'action' | 'object' | 'before' | 'after'>,
  ) => step.note({ environment: null, ...entry })
  const personId = (await findPersonByEmail(tx, email))?.id ?? (await addPerson(step, at, declared))
  if (personId === undefined) return
  const member = at.known.get(personId)
  if (!member) {
    const id = newId('mem')
    await insertMember({ tx, nowMs, note }, { id, accountId, personId, role })
  } else if (member.role !== role) {
    const version = await updateRole(tx, member.id, role)
    note({
      accountId,
      action: 'member.role_changed',
      object: { kind: 'member', id: member.id, version },
      before: { role: member.role },
      after: { role },
    })
  }
}

/** @returns undefined: it cannot be done, and the errors say why. */
async function addPerson(
  { tx, newId, errors }: ApplyStep,
  { place, hashes }: Place,
  { email, name, password }: DeclaredMember,
): Promise<string | undefined> {
  const hash = password === undefined ? undefined : hashes.get(password)
  const weakness = password === undefined ? undefined : weaknessOf(password, [email, name])
  if (hash === undefined) errors.push(`${place} is new and needs a password.`)
  if (weakness !== undefined) errors.push(`${place}.password ${weakness}.`)
  if (hash === undefined || weakness !== undefined) return undefined
  const person = await insertPerson(tx, { name, email, hash, confirmed: true }, newId)
  if (!person) throw new Error('Somebody has confirmed the address in this very moment.')
  return person.personId
}
