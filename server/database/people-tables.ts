// The tables of people, as TypeScript sees them: who signs in, and in which account he is what.
import type { ColumnType, Generated } from 'kysely'
import type { Role } from '../vocabulary/permission.ts'

/** A column that may be left out of an insert: it is null then. */
export type Defaulted<T> = ColumnType<T | null, T | null | undefined, T | null>

/** A time as better-auth keeps it: ISO text on SQLite, a timestamp on PostgreSQL. */
type WrittenTime = ColumnType<string | Date, string, string>

/** A truth as better-auth keeps it: 0 or 1 on SQLite, boolean on PostgreSQL. */
type WrittenTruth = number | boolean

export interface PeopleTables {
  /** Written by better-auth: so are the other tables whose name begins with person. */
  person: {
    id: string
    name: string
    /** Confirmed: his address. Until then a name of ours that nobody else can have. */
    email: string
    email_verified: WrittenTruth
    image: string | null
    created_at: WrittenTime
    updated_at: WrittenTime
    two_factor_enabled: WrittenTruth | null
    /** The address that he gave, in small letters, until it is confirmed. */
    claimed_email: string | null
  }
  person_session: {
    id: string
    expires_at: WrittenTime
    token: string
    created_at: WrittenTime
    updated_at: WrittenTime
    ip_address: string | null
    user_agent: string | null
    person_id: string
    /** The account that he works in. */
    account_id: string | null
  }
  person_credential: {
    id: string
    subject: string
    provider: string
    person_id: string
    password: string | null
    created_at: WrittenTime
    updated_at: WrittenTime
  }
  person_verification: {
    id: string
    identifier: string
    value: string
    expires_at: WrittenTime
    created_at: WrittenTime
    updated_at: WrittenTime
  }
  person_two_factor: {
    id: string
    secret: string
    backup_codes: string
    person_id: string
    verified: WrittenTruth | null
    failed_verification_count: number | null
    locked_until: WrittenTime | null
  }
  person_device_code: {
    id: string
    /** Keyed digests: neither code is kept. */
    device_code: string
    user_code: string
    /** Who has looked at it; nobody else can approve it then. */
    person_id: string | null
    expires_at: WrittenTime
    status: string
    last_polled_at: WrittenTime | null
    polling_interval: number | null
    client_id: string | null
    scope: string | null
    /** From where it was asked for, by what, and when: ours. */
    ip_address: Defaulted<string>
    user_agent: Defaulted<string>
    requested_at: Defaulted<number>
    /** The account that its approver worked in. */
    account_id: Defaulted<string>
  }
  member: {
    id: string
    account_id: string
    person_id: string
    role: Role
    version: Generated<number>
    created_at: number
  }
  invitation: {
    id: string
    account_id: string
    email: string
    role: Role
    /** SHA-256 of the token in the link, hex. */
    token_hash: string
    /** The member who did. */
    invited_by: string
    created_at: number
    expires_at: number
    accepted_at: Defaulted<number>
    withdrawn_at: Defaulted<number>
  }
  /** A link that works once: to confirm an address, to choose a new password, to set up an operator. */
  one_time_link: {
    token_hash: string
    purpose: 'confirm_email' | 'reset_password' | 'set_up_operator'
    account_id: Defaulted<string>
    person_id: Defaulted<string>
    email: Defaulted<string>
    created_at: number
    expires_at: number
    used_at: Defaulted<number>
  }
  /** An account's latest wish to have production. */
  production_request: {
    account_id: string
    /** The member who asked. */
    requested_by: string
    company: string
    purpose: string
    requested_at: number
    state: 'open' | 'approved' | 'declined'
    decided_at: Defaulted<number>
    /** What the operator says to it. */
    note: Defaulted<string>
  }
}
