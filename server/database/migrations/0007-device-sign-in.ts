import type { Migration } from '../migrate.ts'

// Written by better-auth, as the other tables of people (0006-people.ts); what the asker is known by is ours.
const table = (time: string) => `create table person_device_code (
  id text primary key, device_code text not null unique, user_code text not null unique,
  person_id text references person (id) on delete cascade, expires_at ${time} not null, status text not null,
  last_polled_at ${time}, polling_interval integer, client_id text, scope text,
  ip_address text, user_agent text, requested_at bigint, account_id text)`

/** Signing in on a device without a browser (RFC 8628): only digests of the codes are kept. */
export const deviceSignIn: Migration = {
  name: '0007-device-sign-in',
  kind: 'expand',
  statements: [
    { sqlite: table('text'), postgres: table('timestamptz') },
    'create index person_device_code_by_person on person_device_code (person_id)',
    'create index person_device_code_by_age on person_device_code (expires_at)',
  ],
}
