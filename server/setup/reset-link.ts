// `admin reset-link EMAIL`: a new password for somebody whom no mail reaches. Who holds the machine hands the link over.
import { recordAudits } from '../audit.ts'
import { listMemberships } from '../people/member-store.ts'
import { makeLink } from '../people/one-time-link.ts'
import { findPersonByEmail, normalAddress } from '../people/person-store.ts'
import { commandActor } from '../vocabulary/actor.ts'
import { createIds } from '../vocabulary/clock.ts'
import { handOutLink } from './hand-out-link.ts'
import type { Outcome } from './operator-commands.ts'
import { UsageError } from './usage-error.ts'
import { withDatabase } from './with-database.ts'

const lifetimeMs = 30 * 60_000

export function makeResetLink(address: string): Promise<Outcome> {
  return withDatabase(async ({ db, config }) => {
    const email = normalAddress(address)
    const person = await findPersonByEmail(db, email)
    if (!person)
      throw new UsageError(
        'Nobody has confirmed this address. Is it written rightly? Who has not confirmed his yet signs up once more.',
      )
    const nowMs = Date.now()
    const newId = createIds(Date.now)
    const token = await db.transaction().execute(async (tx) => {
      const made = await makeLink(tx, {
        purpose: 'reset_password',
        personId: person.id,
        email,
        nowMs,
        lifetimeMs,
      })
      const memberships = await listMemberships(tx, person.id)
      const entries = memberships.map(({ memberId, accountId }) => ({
        ...{ accountId, environment: null, actor: commandActor('admin reset-link') },
        ...{ action: 'member.reset_link_made', object: { kind: 'member' as const, id: memberId } },
        ...{ before: null, after: null },
      }))
      await recordAudits(tx, entries, newId, nowMs)
      return made
    })
    const use =
      'It works once, for 30 minutes, and ends all sessions of that person; a second factor stays. Links made before do not work any more.'
    return handOutLink(
      config.dataDir,
      `${newId('link')}.txt`,
      `${config.publicUrl}/reset-password#token=${token}`,
      use,
    )
  })
}
