import { recordChange } from '../database/changes.ts'
import type { Database } from '../database/tables.ts'

export interface KeyAddress {
  clientId: string
  uri: string
}

/** Clients that publish their keys and whose were never fetched, or last before a time; the oldest first. */
export async function listDueKeyAddresses(
  db: Database,
  fetchedBefore: number,
  limit: number,
): Promise<KeyAddress[]> {
  const rows = await db
    .selectFrom('client')
    .select(['id', 'jwks_uri'])
    .where('jwks_uri', 'is not', null)
    .where('disabled_at', 'is', null)
    .where('deleted_at', 'is', null)
    .where((eb) => eb.or([eb('fetched_jwks_at', 'is', null), eb('fetched_jwks_at', '<', fetchedBefore)]))
    .orderBy('fetched_jwks_at', (order) => order.asc().nullsFirst())
    .limit(limit)
    .execute()
  return rows.flatMap(({ id, jwks_uri: uri }) => (uri === null ? [] : { clientId: id, uri }))
}

/** Keeps what was found at the address, unless the client publishes elsewhere by now. */
export async function saveFetchedKeys(
  db: Database,
  { clientId, uri }: KeyAddress,
  jwks: object,
  nowMs: number,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await tx
      .updateTable('client')
      .set({ fetched_jwks: JSON.stringify(jwks), fetched_jwks_at: nowMs })
      .where('id', '=', clientId)
      .where('jwks_uri', '=', uri)
      .execute()
    await recordChange(tx, 'client', clientId, nowMs)
  })
}
