// What the three APIs hold of one account in one environment.
import type { Owner } from '../../vocabulary/owner.ts'
import type { World } from '../world.ts'

export interface ContentObjects {
  documentId: string
  eventId: string
  identificationId: string
}

/** @param name that nobody else may see. */
export async function makeContentObjects(
  world: World,
  owner: Owner,
  clientId: string,
  name: string,
): Promise<ContentObjects> {
  const { db } = world.database
  const at = world.clock.now()
  const of = { account_id: owner.accountId, environment: owner.environment, created_at: at }
  const ids = {
    documentId: world.newId('doc'),
    eventId: world.newId('evt'),
    identificationId: world.newId('idn'),
  }
  await db
    .insertInto('document')
    .values({
      ...{ ...of, id: ids.documentId, client_id: clientId, name, status: 'unsigned' },
      ...{ size_bytes: 4, sha256: '0'.repeat(64) },
    })
    .execute()
  await db
    .insertInto('event')
    .values({ ...of, id: ids.eventId, type: 'document.created', data: JSON.stringify({ name }) })
    .execute()
  await db
    .insertInto('identification_session')
    .values({
      ...of,
      id: ids.identificationId,
      client_id: clientId,
      status: 'created',
      expires_at: at + 1000,
    })
    .execute()
  return ids
}
