// A new password by a link of a mail: to confirm the address, or because the old one is lost.
import { type AuditEntry, recordAudits } from '../audit.ts'
import { isDuplicate } from '../database/failures.ts'
import type { Database, DatabaseTransaction } from '../database/tables.ts'
import type { Actor } from '../vocabulary/actor.ts'
import type { NewId, Now } from '../vocabulary/clock.ts'
import { Problem } from '../vocabulary/problem.ts'
import { listMemberships } from './member-store.ts'
import { endLinks, type LinkPurpose, lookAtLink, useLink } from './one-time-link.ts'
import { refuseWeakPassword } from './password.ts'
import { hashPassword } from './passwords.ts'
import { endSessions, findPersonByEmail, yes } from './person-store.ts'

export interface SetPasswordOptions {
  db: Database
  now: Now
  newId: NewId
}

/** The refusal of a link that is unknown, used, replaced or too old: nobody learns which. */
export function deadLink(): Problem {
  return new Problem(
    'gone',
    'This link does not work: it was used, was replaced by a newer one, or is too old. Ask for a new one.',
  )
}

function addressTaken(): Problem {
  return new Problem(
    'conflict',
    'This address has been confirmed for another account meanwhile. Sign in there, or choose a new password for it.',
  )
}

interface Wish {
  token: string
  password: string
  from: { address: string; requestId: string }
}

/** Disables all clients of an account. @returns what the audit trail says of it. */
export type DisableClients = (
  tx: DatabaseTransaction,
  accountId: string,
  actor: Actor,
  nowMs: number,
) => Promise<AuditEntry[]>

export interface Confirmation {
  email: string
  /** How many clients were disabled: those that somebody else may have made. */
  clientsDisabled: number
}

/**
 * Confirms an address: whoever reads its mail chooses the password. Somebody else may have signed up with it: sessions
 * from before end, and so do the clients of the account, whose secrets he may have kept. Only when the mail is opened in
 * the browser that signed up it was the same person, and they go on.
 * @param sessionOf whose session the browser has; undefined: nobody's.
 */
export async function confirmEmail(
  options: SetPasswordOptions & { disableClients: DisableClients },
  wish: Wish,
  sessionOf: string | undefined,
): Promise<Confirmation> {
  const { db, now, newId } = options
  const hash = await hashIfGood(options, 'confirm_email', wish)
  const confirming = db.transaction().execute(async (tx) => {
    const link = await useLink(tx, 'confirm_email', wish.token, now())
    if (!link?.personId || !link.email) throw deadLink()
    const { personId, email } = link
    const taken = await findPersonByEmail(tx, email)
    if (taken && taken.id !== personId) throw addressTaken()
    await tx
      .updateTable('person')
      .set({ email, email_verified: yes, claimed_email: null, updated_at: new Date().toISOString() })
      .where('id', '=', personId)
      .execute()
    await writePassword(tx, { personId, hash, nowMs: now() })
    await endLinks(tx, 'confirm_email', personId, now())
    const memberships = await listMemberships(tx, personId)
    const accountIds = memberships.map(({ accountId }) => accountId)
    if (accountIds.length > 0)
      await tx.updateTable('account').set({ trial_ends_at: null }).where('id', 'in', accountIds).execute()
    const entries = entriesOf(memberships, 'member.email_confirmed', wish.from)
    const disabled: AuditEntry[] = []
    if (sessionOf !== personId)
      for (const { accountId, memberId } of memberships) {
        const actor = { kind: 'member' as const, id: memberId, ...wish.from }
        disabled.push(...(await options.disableClients(tx, accountId, actor, now())))
      }
    await recordAudits(tx, [...entries, ...disabled], newId, now())
    return { email, clientsDisabled: disabled.length }
  })
  return confirming.catch((error: unknown) => {
    // Two confirm it for two accounts at the same moment: one of them has it.
    throw isDuplicate(error) ? addressTaken() : error
  })
}

/** A new password because the old one is lost. All sessions end. */
export async function resetPassword(options: SetPasswordOptions, wish: Wish): Promise<void> {
  const { db, now, newId } = options
  const hash = await hashIfGood(options, 'reset_password', wish)
  await db.transaction().execute(async (tx) => {
    const link = await useLink(tx, 'reset_password', wish.token, now())
    if (!link?.personId) throw deadLink()
    await writePassword(tx, { personId: link.personId, hash, nowMs: now() })
    const memberships = await listMemberships(tx, link.personId)
    await recordAudits(tx, entriesOf(memberships, 'member.password_reset', wish.from), newId, now())
  })
}

/** A dead link costs no hash, and a weak password uses up no link. */
async function hashIfGood(
  { db, now }: SetPasswordOptions,
  purpose: LinkPurpose,
  { token, password }: Wish,
): Promise<string> {
  const link = await lookAtLink(db, purpose, token, now())
  if (!link) throw deadLink()
  refuseWeakPassword(password, link.email === null ? [] : [link.email])
  return hashPassword(password)
}

interface NewPassword {
  personId: string
  hash: string
  nowMs: number
  /** The session that stays. */
  but?: string
}

/** Writes the hash of a password. Other sessions end, and links that were to choose another one. */
export async function writePassword(
  tx: DatabaseTransaction,
  { personId, hash, nowMs, but }: NewPassword,
): Promise<void> {
  await tx
    .updateTable('person_credential')
    .set({ password: hash, updated_at: new Date().toISOString() })
    .where('person_id', '=', personId)
    .where('provider', '=', 'credential')
    .execute()
  await endSessions(tx, personId, but)
  await endLinks(tx, 'reset_password', personId, nowMs)
}

/** The same in the trail of each account that he is a member of. */
export function entriesOf(
  memberships: readonly { memberId: string; accountId: string }[],
  action: string,
  from: { address: string; requestId: string },
): AuditEntry[] {
  return memberships.map(({ memberId, accountId }) => ({
    accountId,
    environment: null,
    actor: { kind: 'member', id: memberId, ...from },
    action,
    object: { kind: 'member', id: memberId },
    before: null,
    after: null,
  }))
}
