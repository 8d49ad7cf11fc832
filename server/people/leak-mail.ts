// Who can mend it is told by mail that a secret of his account was found and ended.
import { findAccount } from '../accounts/store.ts'
import type { Database } from '../database/tables.ts'
import type { Owner } from '../vocabulary/owner.ts'
import { permissionsOfRole } from '../vocabulary/permission.ts'
import type { Mailer } from './mail.ts'
import type { MailTexts } from './mails.ts'
import { listMembers } from './member-store.ts'

/** A client secret that somebody reported, and that worked until then. */
export interface FoundSecret extends Owner {
  clientId: string
  /** What the account calls it. */
  name: string
  /** Its first and last characters. */
  hint: string
}

/**
 * Sends a mail to each member who may change API clients. Nobody waits for it, so that how long the answer to a report
 * takes tells nothing. An address that nobody has confirmed may be a stranger's: it gets none.
 */
export function mailAboutLeak(
  { db, mailer, mails }: { db: Database; mailer: Mailer; mails: MailTexts },
  secret: FoundSecret,
): void {
  mailer.sendLater(async () => {
    const account = await findAccount(db, secret.accountId)
    const members = await listMembers(db, secret.accountId)
    const receivers = members.filter(
      ({ emailConfirmed, role }) => emailConfirmed && permissionsOfRole(role, false).has('clients:write'),
    )
    return receivers.map(({ email }) =>
      mails.leakedSecret(email, { ...secret, accountName: account?.name ?? secret.accountId }),
    )
  })
}
