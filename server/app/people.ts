import type { Config } from '../config.ts'
import type { OpenDatabase } from '../database/open.ts'
import type { SessionRequest } from '../http/session-check.ts'
import { type FindMemberOptions, findMember } from '../people/find-member.ts'
import type { SessionFacts } from '../people/session-answer.ts'
import { openAuth } from '../people/sign-in.ts'
import { sharedSecret, type Vault } from '../vault.ts'
import type { AccountCaller } from '../vocabulary/account-caller.ts'
import type { Now } from '../vocabulary/clock.ts'

export interface PeopleOptions {
  config: Config
  database: OpenDatabase
  vault: Vault
  now: Now
  origins: readonly string[]
}

/** People and their sessions. */
export interface People extends FindMemberOptions {
  sessions: SessionFacts
  findMember: (request: SessionRequest) => Promise<AccountCaller | undefined>
}

export async function openPeople({ config, database, vault, now, origins }: PeopleOptions): Promise<People> {
  const { db, dialect } = database
  const secret = (await sharedSecret(db, vault, 'sessions', now())).toString('base64url')
  const auth = openAuth({
    ...{ db, dialect, secret, origins, publicUrl: config.publicUrl },
    sendPasswordReset: async () => undefined,
  })
  const options = { db, auth, production: config.production }
  const sessions: SessionFacts = { db, mail: 'files', production: config.production }
  return { ...options, sessions, findMember: (request) => findMember(options, request) }
}
