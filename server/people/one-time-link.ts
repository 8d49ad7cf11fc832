// Links that work once: to confirm an address, to set up the first operator. Only the digest of their token is kept.
import { createHash, randomBytes } from 'node:crypto'
import type { PeopleTables } from '../database/people-tables.ts'
import type { Database } from '../database/tables.ts'

export type LinkPurpose = PeopleTables['one_time_link']['purpose']

export interface OneTimeLink {
  accountId: string | null
  personId: string | null
  email: string | null
}

export interface LinkWish extends Partial<OneTimeLink> {
  purpose: LinkPurpose
  nowMs: number
  lifetimeMs: number
}

/** The digest under which a token is kept. */
export function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

/** 256 bits that nobody can guess. */
export function makeToken(): string {
  return randomBytes(32).toString('base64url')
}

/** Makes a link. Unused ones for the same end stop working. @returns its token, known to nobody else from now on. */
export async function makeLink(tx: Database, wish: LinkWish): Promise<string> {
  const { purpose, nowMs, personId = null, accountId = null, email = null } = wish
  await endLinks(tx, purpose, personId, nowMs)
  const token = makeToken()
  await tx
    .insertInto('one_time_link')
    .values({
      token_hash: digestOf(token),
      purpose,
      account_id: accountId,
      person_id: personId,
      email,
      created_at: nowMs,
      expires_at: nowMs + wish.lifetimeMs,
    })
    .execute()
  return token
}

/** The links of a person for an end, or those of nobody, stop working. */
export async function endLinks(
  tx: Database,
  purpose: LinkPurpose,
  personId: string | null,
  nowMs: number,
): Promise<void> {
  await tx
    .updateTable('one_time_link')
    .set({ used_at: nowMs })
    .where('purpose', '=', purpose)
    .where('person_id', personId === null ? 'is' : '=', personId)
    .where('used_at', 'is', null)
    .execute()
}

/** What a good link is for; it stays good. */
export async function lookAtLink(
  db: Database,
  purpose: LinkPurpose,
  token: string,
  nowMs: number,
): Promise<OneTimeLink | undefined> {
  const row = await db
    .selectFrom('one_time_link')
    .select(['account_id', 'person_id', 'email'])
    .where('token_hash', '=', digestOf(token))
    .where('purpose', '=', purpose)
    .where('used_at', 'is', null)
    .where('expires_at', '>', nowMs)
    .executeTakeFirst()
  return row && readLink(row)
}

/** Uses a link up: of two who try at once, one has it. */
export async function useLink(
  tx: Database,
  purpose: LinkPurpose,
  token: string,
  nowMs: number,
): Promise<OneTimeLink | undefined> {
  const row = await tx
    .updateTable('one_time_link')
    .set({ used_at: nowMs })
    .where('token_hash', '=', digestOf(token))
    .where('purpose', '=', purpose)
    .where('used_at', 'is', null)
    .where('expires_at', '>', nowMs)
    .returning(['account_id', 'person_id', 'email'])
    .executeTakeFirst()
  return row && readLink(row)
}

/** Links that nobody can use any more. */
export async function forgetLinks(db: Database, beforeMs: number): Promise<void> {
  await db.deleteFrom('one_time_link').where('expires_at', '<', beforeMs).execute()
}

function readLink(row: {
  account_id: string | null
  person_id: string | null
  email: string | null
}): OneTimeLink {
  return { accountId: row.account_id, personId: row.person_id, email: row.email }
}
