import { addAccount } from '../accounts/change.ts'
import { type AuditEntry, recordAudits } from '../audit.ts'
import type { Database } from '../database/tables.ts'
import type { NewId, Now } from '../vocabulary/clock.ts'
import type { Mailer } from './mail.ts'
import type { MailLimits } from './mail-limits.ts'
import type { MailTexts } from './mails.ts'
import { insertMember } from './member-store.ts'
import { makeLink } from './one-time-link.ts'
import { hashPassword } from './passwords.ts'
import { findPersonByEmail, insertPerson, normalAddress } from './person-store.ts'
import type { OpenAuth } from './sign-in.ts'

export const dayMs = 86_400_000

/** How long an account may be used before somebody confirms his address. */
export const trialMs = 7 * dayMs

export interface SignUpOptions {
  db: Database
  auth: OpenAuth
  mailer: Mailer
  mails: MailTexts
  now: Now
  newId: NewId
  limits: { mails: MailLimits }
}

export interface SignUp {
  email: string
  password: string
  company: string
}

/**
 * Makes a test account and its first owner. An address that has an account already gets another one, which nobody but
 * its maker can enter: so no answer tells whether an address exists. The mail does, to whoever reads it.
 * @returns by which name better-auth knows the person.
 */
export async function signUp(
  options: SignUpOptions,
  wish: SignUp,
  from: { address: string; requestId: string },
): Promise<string> {
  const { db, mailer, mails, now, newId, limits } = options
  const address = normalAddress(wish.email)
  const nowMs = now()
  const hash = await hashPassword(wish.password)
  const accountId = newId('acc')
  const memberId = newId('mem')
  const { token, email } = await db.transaction().execute(async (tx) => {
    const name = address.split('@')[0] ?? address
    const person = await insertPerson(tx, { name, email: address, hash, confirmed: false }, newId)
    if (!person) throw new Error('An id was given twice.')
    const { personId } = person
    const entries: AuditEntry[] = []
    const actor = { kind: 'member' as const, id: memberId, ...from }
    const note = (entry: Pick<AuditEntry, 'accountId' | 'action' | 'object' | 'before' | 'after'>) =>
      entries.push({ environment: null, actor, ...entry })
    await addAccount({ tx, nowMs, note }, { id: accountId, name: wish.company })
    await tx
      .updateTable('account')
      .set({ trial_ends_at: nowMs + trialMs })
      .where('id', '=', accountId)
      .execute()
    await insertMember({ tx, nowMs, note }, { id: memberId, accountId, personId, role: 'owner' })
    const made = await makeLink(tx, {
      ...{ purpose: 'confirm_email', personId, email: address, nowMs },
      lifetimeMs: trialMs,
    })
    await recordAudits(tx, entries, newId, nowMs)
    return { token: made, email: person.email }
  })
  const isTaken = await findPersonByEmail(db, address)
  if (await limits.mails.hasRoom('confirmation', address))
    mailer.send(isTaken ? mails.alreadyThere(address) : mails.confirm(address, token))
  return email
}
