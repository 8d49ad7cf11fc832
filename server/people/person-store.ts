// People's rows beside what better-auth does with them.
import { sql } from 'kysely'
import type { Database } from '../database/tables.ts'
import type { NewId } from '../vocabulary/clock.ts'

/** Who may sign in with an address: whoever confirmed it, or some who only say that it is theirs. */
export interface Candidate {
  personId: string
  /** By which better-auth knows him: his address, or a name of ours. */
  email: string
  confirmed: boolean
}

/** How many unconfirmed people may have the same address: the newest. */
const unconfirmedAtOnce = 2

/** Who may be meant by an address. */
export async function listCandidates(db: Database, address: string): Promise<Candidate[]> {
  const people = db.selectFrom('person').select(['id', 'email', 'email_verified'])
  const confirmed = await people.where('email', '=', address).execute()
  // Anybody may say that an address is his, as often as he likes: no more are read than are checked.
  const claiming = await people
    .where('claimed_email', '=', address)
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .limit(unconfirmedAtOnce)
    .execute()
  return [...confirmed, ...claiming].map((row) => ({
    personId: row.id,
    email: row.email,
    confirmed: Boolean(row.email_verified),
  }))
}

export async function findPersonByEmail(db: Database, email: string): Promise<{ id: string } | undefined> {
  return db.selectFrom('person').select('id').where('email', '=', email).executeTakeFirst()
}

/** As better-auth writes addresses. */
export function normalAddress(address: string): string {
  return address.trim().toLowerCase()
}

export interface NewPerson {
  name: string
  email: string
  /** Of his password, by passwords.ts. */
  hash: string
  /** False: he only says that the address is his, and better-auth knows him by a name that nobody else can have. */
  confirmed: boolean
}

/**
 * Makes a person in the caller's transaction, as better-auth would write him.
 * @returns undefined when somebody has confirmed this address.
 */
export async function insertPerson(
  tx: Database,
  person: NewPerson,
  newId: NewId,
): Promise<{ personId: string; email: string } | undefined> {
  const personId = newId('per')
  const address = normalAddress(person.email)
  const email = person.confirmed ? address : `${personId}@unconfirmed.invalid`
  const at = new Date().toISOString()
  const inserted = await tx
    .insertInto('person')
    .values({
      ...{ id: personId, name: person.name, email, image: null, created_at: at, updated_at: at },
      email_verified: person.confirmed ? yes : no,
      two_factor_enabled: no,
      claimed_email: person.confirmed ? null : address,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst()
  if (!inserted) return undefined
  await tx
    .insertInto('person_credential')
    .values({
      ...{ id: newId('crd'), subject: personId, provider: 'credential', person_id: personId },
      ...{ password: person.hash, created_at: at, updated_at: at },
    })
    .execute()
  return { personId, email }
}

/** What both databases keep as their truth: 1 and 0, or true and false. */
export const yes = sql<boolean>`(1 = 1)`
const no = sql<boolean>`(1 = 0)`

/** The password's hash of each of these people. */
export async function readPasswordHashes(
  db: Database,
  personIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (personIds.length === 0) return new Map()
  const rows = await db
    .selectFrom('person_credential')
    .select(['person_id', 'password'])
    .where('person_id', 'in', personIds)
    .where('provider', '=', 'credential')
    .execute()
  return new Map(rows.flatMap((row) => (row.password === null ? [] : [[row.person_id, row.password]])))
}

/** Ends sessions of a person. @param but one that stays. */
export async function endSessions(tx: Database, personId: string, but?: string): Promise<void> {
  let query = tx.deleteFrom('person_session').where('person_id', '=', personId)
  if (but !== undefined) query = query.where('id', '!=', but)
  await query.execute()
  // A device that was approved, and has not fetched its session yet, gets none any more.
  await tx.deleteFrom('person_device_code').where('person_id', '=', personId).execute()
}

/** Whether the time has passed in which he had to confirm his address. */
export async function hasTrialEnded(db: Database, personId: string, nowMs: number): Promise<boolean> {
  const ended = await db
    .selectFrom('member')
    .innerJoin('account', 'account.id', 'member.account_id')
    .select('account.id')
    .where('member.person_id', '=', personId)
    .where('account.trial_ends_at', '<=', nowMs)
    .limit(1)
    .executeTakeFirst()
  return ended !== undefined
}
