// Links that go out by mail. Nobody waits for them: how long an answer takes tells nothing of an address.
import type { Database } from '../database/tables.ts'
import type { Now } from '../vocabulary/clock.ts'
import type { Mailer } from './mail.ts'
import type { MailTexts } from './mails.ts'
import { makeLink } from './one-time-link.ts'
import { findPersonByEmail, listCandidates } from './person-store.ts'
import { trialMs } from './sign-up.ts'

export interface SendLinkOptions {
  db: Database
  mailer: Mailer
  mails: MailTexts
  now: Now
  /** Told when a link could not be made. */
  warn: (facts: object, text: string) => void
}

const resetMs = 3_600_000

/** Sends the link that confirms an address, or says that it has an account already. */
export async function sendConfirmation(
  { db, mailer, mails, now }: SendLinkOptions,
  person: { personId: string; email: string },
): Promise<void> {
  const { personId, email } = person
  const token = await makeLink(db, {
    ...{ purpose: 'confirm_email', personId, email, nowMs: now() },
    lifetimeMs: trialMs,
  })
  const isTaken = await findPersonByEmail(db, email)
  mailer.send(isTaken ? mails.alreadyThere(email) : mails.confirm(email, token))
}

/** Whoever confirmed the address gets a link for a new password; else who says that it is his, one to confirm it. */
export function sendPasswordReset(options: SendLinkOptions, address: string): void {
  const { db, mailer, mails, now, warn } = options
  const send = async () => {
    const [person] = await listCandidates(db, address)
    if (!person) return
    const { personId } = person
    if (!person.confirmed) return sendConfirmation(options, { personId, email: address })
    const token = await makeLink(db, {
      ...{ purpose: 'reset_password', personId, nowMs: now() },
      lifetimeMs: resetMs,
    })
    mailer.send(mails.passwordReset(address, token))
  }
  send().catch((error: unknown) => warn({ err: error }, 'the link for a new password could not be made'))
}
