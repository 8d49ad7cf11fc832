// Links that go out by mail.
import type { Database } from '../database/tables.ts'
import type { Now } from '../vocabulary/clock.ts'
import type { Mail, Mailer } from './mail.ts'
import type { MailTexts } from './mails.ts'
import { makeLink } from './one-time-link.ts'
import { findPersonByEmail, listCandidates } from './person-store.ts'
import { trialMs } from './sign-up.ts'

export interface SendLinkOptions {
  db: Database
  mailer: Mailer
  mails: MailTexts
  now: Now
}

const resetMs = 3_600_000

/** The link that confirms an address, or the news that it has an account already. */
export async function makeConfirmation(
  { db, mails, now }: Pick<SendLinkOptions, 'db' | 'mails' | 'now'>,
  person: { personId: string; email: string },
): Promise<Mail> {
  const { personId, email } = person
  const token = await makeLink(db, {
    ...{ purpose: 'confirm_email', personId, email, nowMs: now() },
    lifetimeMs: trialMs,
  })
  const isTaken = await findPersonByEmail(db, email)
  return isTaken ? mails.alreadyThere(email) : mails.confirm(email, token)
}

/**
 * Whoever confirmed the address gets a link for a new password; else who says that it is his, one to confirm it. Nobody
 * waits for it: how long an answer takes tells nothing of an address.
 */
export function sendPasswordReset(options: SendLinkOptions, address: string): void {
  const { db, mailer, mails, now } = options
  mailer.sendLater(async () => {
    const [person] = await listCandidates(db, address)
    if (!person) return undefined
    const { personId } = person
    if (!person.confirmed) return makeConfirmation(options, { personId, email: address })
    const token = await makeLink(db, {
      ...{ purpose: 'reset_password', personId, email: address, nowMs: now() },
      lifetimeMs: resetMs,
    })
    return mails.passwordReset(address, token)
  })
}
