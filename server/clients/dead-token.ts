// Why a token that we signed is dead before its time, in words for the owner of its client.
import type { Database } from '../database/tables.ts'
import { timeText } from '../vocabulary/clock.ts'
import type { Client } from './client.ts'
import { mintedAt } from './revocations.ts'

export async function explainDeadToken(db: Database, client: Client, tokenId: string): Promise<string> {
  const { disabledAt, notBefore } = client
  if (disabledAt !== null)
    return `The client was disabled or deleted on ${timeText(disabledAt)}${await byWhom(db, client.id, disabledAt)}.`
  const revoked = await db
    .selectFrom('revocation')
    .select('at')
    .where('token_id', '=', tokenId)
    .where('client_id', '=', client.id)
    .executeTakeFirst()
  if (revoked)
    return `This token was revoked on ${timeText(revoked.at)} at /oauth/connect/revocation. Request a new one.`
  if (notBefore !== null && mintedAt(tokenId) <= notBefore)
    return `All tokens of the client from before ${timeText(notBefore)} were revoked${await byWhom(db, client.id, notBefore)}. Request a new one.`
  return 'The client may not be called for with this token any more.'
}

/** Who made the change of that moment: the audit trail has it, when the change had a person or a client behind it. */
async function byWhom(db: Database, clientId: string, atMs: number): Promise<string> {
  const row = await db
    .selectFrom('audit')
    .select(['actor_kind', 'actor_id'])
    .where('object_kind', '=', 'client')
    .where('object_id', '=', clientId)
    // Enabling a client again revokes up to the millisecond before.
    .where('at', '>=', atMs)
    .where('at', '<=', atMs + 1)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ? ` by ${row.actor_kind} ${row.actor_id}` : ''
}
