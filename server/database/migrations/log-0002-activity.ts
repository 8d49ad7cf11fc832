import type { Migration } from '../migration.ts'

// `token_request` stays where it is, unused: the release before writes to it. A contract step drops it a release later.
//
// An entry is three things: its facts, shared by all entries that have the same (so that a filter looks at a few thousand
// rows, whatever the number of entries); who called from where, which is personal data and goes away by itself; and the
// rest. On SQLite the latter two are in files, one for a day.
export const activity: Migration = {
  name: 'log-0002-activity',
  kind: 'expand',
  statements: [
    `create table activity_facts (
      id {{uuid}} primary key, account_id text, environment text, client_id text, kind text not null,
      operation text not null, scopes text not null, required_scope text, status bigint not null, error text,
      secret_id text, host text not null, first_day bigint not null, last_day bigint not null){{without_rowid}}`,
    // With all that is filtered by: an account's facts are looked through without leaving the index.
    `create index activity_facts_by_client on activity_facts (account_id, environment, client_id, kind, operation, status,
      error, secret_id, required_scope, scopes, host, first_day, last_day)`,
    `create table activity_hour (
      account_id text not null, environment text not null, hour bigint not null, client_id text not null,
      kind text not null, secret_id text not null, granted bigint not null, refused bigint not null,
      primary key (account_id, environment, hour, client_id, kind, secret_id)){{without_rowid}}`,
    'create index activity_hour_by_hour on activity_hour (hour)',
    `create table scope_use (
      account_id text not null, environment text not null, client_id text not null, scope text not null,
      requested_at bigint, called_at bigint,
      primary key (account_id, environment, client_id, scope)){{without_rowid}}`,
    `create table host_use (
      account_id text not null, environment text not null, day bigint not null, client_id text not null,
      host text not null, count bigint not null, last_at bigint not null,
      primary key (account_id, environment, day, client_id, host)){{without_rowid}}`,
    {
      // By id, which begins with the time: the partition of an entry is known by its id, and it may be the key alone.
      postgres: `create table activity (
        id uuid primary key, facts_id uuid not null, caller_id uuid, at bigint not null, duration_ms real not null,
        reason text, node text not null) partition by range (id)`,
    },
    { postgres: 'create index activity_by_facts on activity (facts_id, id)' },
    {
      postgres:
        'create table activity_caller (id uuid primary key, address text, user_agent text) partition by range (id)',
    },
    // Counted up several times a second: room for the next version beside the row.
    { postgres: 'alter table activity_hour set (fillfactor = 70)' },
    { postgres: 'alter table scope_use set (fillfactor = 70)' },
    { postgres: 'alter table host_use set (fillfactor = 70)' },
  ],
}
