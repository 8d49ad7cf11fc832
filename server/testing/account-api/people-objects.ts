// A member with a session, and an open invitation, of one account.
import { digestOf } from '../../people/one-time-link.ts'
import { insertPerson } from '../../people/person-store.ts'
import type { World } from '../world.ts'

export interface PeopleObjects {
  memberId: string
  sessionId: string
  invitationId: string
  /** Of the invitation: nobody else may see it. */
  email: string
}

/** @param name that nobody else may see. */
export async function makePeopleObjects(
  world: World,
  accountId: string,
  name: string,
): Promise<PeopleObjects> {
  const { db } = world.database
  const { newId } = world
  const at = world.clock.now()
  const inDays = new Date(Date.now() + 86_400_000).toISOString()
  const email = `${newId('to').slice(3)}@${accountId}.example`
  const ids = { memberId: newId('mem'), sessionId: newId('ses'), invitationId: newId('inv') }
  await db.transaction().execute(async (tx) => {
    const person = { name, email: `member-${email}`, hash: 'no password has this hash', confirmed: true }
    const made = await insertPerson(tx, person, newId)
    if (!made) throw new Error('There is such a person.')
    const { personId } = made
    await tx
      .insertInto('member')
      .values({
        id: ids.memberId,
        account_id: accountId,
        person_id: personId,
        role: 'developer',
        created_at: at,
      })
      .execute()
    await tx
      .insertInto('person_session')
      .values({
        ...{
          id: ids.sessionId,
          token: newId('tok'),
          expires_at: inDays,
          person_id: personId,
          account_id: null,
        },
        ...{ created_at: inDays, updated_at: inDays, ip_address: null, user_agent: null },
      })
      .execute()
    await tx
      .insertInto('invitation')
      .values({
        ...{ id: ids.invitationId, account_id: accountId, email, role: 'viewer', created_at: at },
        ...{
          token_hash: digestOf(ids.invitationId),
          invited_by: ids.memberId,
          expires_at: at + 86_400_000 * 365,
        },
      })
      .execute()
  })
  return { ...ids, email }
}
