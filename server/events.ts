// The only door between the APIs: what one of them records, notification delivers.
import type { DatabaseTransaction } from './database/tables.ts'
import type { NewId } from './vocabulary/clock.ts'
import type { Owner } from './vocabulary/owner.ts'

/** Something that happened to a row of an account: thin, ids and states only, no personal data. */
export interface NewEvent {
  /** Dotted, e.g. `document.created`. */
  type: string
  data: Record<string, string | number | boolean | null>
}

/** Records an event inside the caller's transaction: it exists exactly when the change does. */
export async function recordEvent(
  tx: DatabaseTransaction,
  owner: Owner,
  event: NewEvent,
  newId: NewId,
  nowMs: number,
): Promise<void> {
  await tx
    .insertInto('event')
    .values({
      id: newId('evt'),
      account_id: owner.accountId,
      environment: owner.environment,
      type: event.type,
      data: JSON.stringify(event.data),
      created_at: nowMs,
    })
    .execute()
}
