import type { Migration } from '../migrate.ts'

// The tables person, person_session, person_credential, person_verification and person_two_factor are written by
// better-auth, which keeps times as ISO text on SQLite and as timestamps on PostgreSQL, and truth as 0 and 1 or boolean.
const time = { sqlite: 'text', postgres: 'timestamptz' } as const
const truth = { sqlite: 'integer', postgres: 'boolean' } as const

/** A statement in the types of each database. */
function typed(statement: string): { sqlite: string; postgres: string } {
  const inTypesOf = (dialect: 'sqlite' | 'postgres') =>
    statement.replaceAll('{{time}}', time[dialect]).replaceAll('{{truth}}', truth[dialect])
  return { sqlite: inTypesOf('sqlite'), postgres: inTypesOf('postgres') }
}

/** People, their sign-in, their membership in accounts, and how an account asks for production. */
export const people: Migration = {
  name: '0006-people',
  kind: 'expand',
  statements: [
    typed(`create table person (
      id text primary key, name text not null, email text not null unique, email_verified {{truth}} not null,
      image text, created_at {{time}} not null, updated_at {{time}} not null, two_factor_enabled {{truth}},
      claimed_email text)`),
    'create index person_by_claimed_email on person (claimed_email) where claimed_email is not null',
    typed(`create table person_session (
      id text primary key, expires_at {{time}} not null, token text not null unique, created_at {{time}} not null,
      updated_at {{time}} not null, ip_address text, user_agent text,
      person_id text not null references person (id) on delete cascade, account_id text)`),
    'create index person_session_by_person on person_session (person_id)',
    typed(`create table person_credential (
      id text primary key, subject text not null, provider text not null,
      person_id text not null references person (id) on delete cascade, access_token text, refresh_token text,
      id_token text, access_token_expires_at {{time}}, refresh_token_expires_at {{time}}, scope text, password text,
      created_at {{time}} not null, updated_at {{time}} not null)`),
    'create index person_credential_by_person on person_credential (person_id)',
    typed(`create table person_verification (
      id text primary key, identifier text not null, value text not null, expires_at {{time}} not null,
      created_at {{time}} not null, updated_at {{time}} not null)`),
    'create index person_verification_by_identifier on person_verification (identifier)',
    typed(`create table person_two_factor (
      id text primary key, secret text not null, backup_codes text not null,
      person_id text not null references person (id) on delete cascade, verified {{truth}},
      failed_verification_count integer, locked_until {{time}})`),
    'create index person_two_factor_by_person on person_two_factor (person_id)',
    `create table member (
      id text primary key, account_id text not null references account (id),
      person_id text not null references person (id) on delete cascade, role text not null,
      version bigint not null default 1, created_at bigint not null, unique (account_id, person_id))`,
    'create index member_by_person on member (person_id)',
    `create table invitation (
      id text primary key, account_id text not null references account (id), email text not null, role text not null,
      token_hash text not null unique, invited_by text not null, created_at bigint not null,
      expires_at bigint not null, accepted_at bigint, withdrawn_at bigint)`,
    'create index invitation_by_account on invitation (account_id, created_at)',
    `create table one_time_link (
      token_hash text primary key, purpose text not null, account_id text, person_id text, email text,
      created_at bigint not null, expires_at bigint not null, used_at bigint)`,
    'create index one_time_link_by_age on one_time_link (expires_at)',
    `create table production_request (
      account_id text primary key references account (id), requested_by text not null, company text not null,
      purpose text not null, requested_at bigint not null, state text not null, decided_at bigint, note text)`,
    'create index production_request_by_state on production_request (state, requested_at)',
    // Since when somebody has to confirm an address, or the account ends. Null: nobody has to.
    'alter table account add column trial_ends_at bigint',
  ],
}
