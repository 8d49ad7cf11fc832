// The members that a declared set-up names: made when they are missing, in the role that it says.
import { insertMember, listMembers, updateRole } from '../people/member-store.ts'
import { hashPassword } from '../people/passwords.ts'
import { findPersonByEmail, insertPerson, normalAddress } from '../people/person-store.ts'
import type { ApplyStep } from './apply.ts'
import type { DeclaredMember, DeclaredSetup } from './declared-setup.ts'

/** By the password itself: the same one is hashed once. */
export type PasswordHashes = ReadonlyMap<string, string>

/** Hashes take a while: they are made before the transaction begins. */
export async function hashPasswords(setup: DeclaredSetup): Promise<PasswordHashes> {
  const members = (setup.accounts ?? []).flatMap((account) => account.members ?? [])
  const passwords = new Set(members.flatMap(({ password }) => (password === undefined ? [] : [password])))
  const hashes = new Map<string, string>()
  for (const password of passwords) hashes.set(password, await hashPassword(password))
  return hashes
}

/** A password of somebody who is there is never changed: it is his. */
export async function applyMember(
  step: ApplyStep,
  accountId: string,
  declared: DeclaredMember,
  hashes: PasswordHashes,
): Promise<void> {
  const { tx, nowMs, newId } = step
  const email = normalAddress(declared.email)
  const note = (
    entry: Pick<Parameters<ApplyStep['note']>[0], 'accountId' | 'action' | 'object' | 'before' | 'after'>,
  ) => step.note({ environment: null, ...entry })
  let personId = (await findPersonByEmail(tx, email))?.id
  if (personId === undefined) {
    const hash = declared.password === undefined ? undefined : hashes.get(declared.password)
    if (hash === undefined) {
      step.errors.push(`account ${accountId}: the member ${email} is new and needs a password.`)
      return
    }
    personId = (await insertPerson(tx, { name: declared.name, email, hash, confirmed: true }, newId))
      ?.personId
  }
  if (personId === undefined) throw new Error('The person who was just made is gone.')
  const known = (await listMembers(tx, accountId)).find((member) => member.personId === personId)
  if (!known) {
    const id = newId('mem')
    await insertMember({ tx, nowMs, note }, { id, accountId, personId, role: declared.role })
  } else if (known.role !== declared.role) {
    const version = await updateRole(tx, known.id, declared.role)
    note({
      accountId,
      action: 'member.role_changed',
      object: { kind: 'member', id: known.id, version },
      before: { role: known.role },
      after: { role: declared.role },
    })
  }
}
