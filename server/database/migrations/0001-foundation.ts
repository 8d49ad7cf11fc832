import type { Migration } from '../migrate.ts'

export const foundation: Migration = {
  name: '0001-foundation',
  kind: 'expand',
  statements: [
    `create table wrapped_secret (
      name text primary key, wrapped text not null, created_at bigint not null)`,
    `create table signing_key (
      id text primary key, algorithm text not null, public_jwk text not null, wrapped_private_key text not null,
      created_at bigint not null, active_from bigint not null, removed_from bigint)`,
    `create table account (
      id text primary key, name text not null, production text not null, created_at bigint not null)`,
    `create table client (
      id text primary key, account_id text not null references account (id), environment text not null,
      name text not null, scopes text not null, token_lifetime_seconds bigint not null,
      disabled_at bigint, created_at bigint not null, updated_at bigint not null)`,
    'create index client_by_account on client (account_id, environment, id)',
    `create table client_secret (
      id text primary key, client_id text not null references client (id), account_id text not null,
      name text not null, hash text not null, hint text not null,
      expires_at bigint, revoked_at bigint, created_at bigint not null)`,
    'create index client_secret_by_client on client_secret (client_id)',
    `create table api (
      id text primary key, name text not null, audience_test text not null, audience_production text not null,
      built_in bigint not null, created_at bigint not null)`,
    `create table scope (
      name text primary key, api_id text not null references api (id), description text not null,
      created_at bigint not null)`,
    `create table document (
      id text primary key, account_id text not null, environment text not null, client_id text not null,
      name text not null, status text not null, size_bytes bigint not null, sha256 text not null,
      created_at bigint not null)`,
    'create index document_by_owner on document (account_id, environment, id)',
    `create table event (
      id text primary key, account_id text not null, environment text not null, type text not null,
      data text not null, created_at bigint not null)`,
    'create index event_by_owner on event (account_id, environment, id)',
    `create table identification_session (
      id text primary key, account_id text not null, environment text not null, client_id text not null,
      status text not null, expires_at bigint not null, created_at bigint not null)`,
    'create index identification_session_by_owner on identification_session (account_id, environment, id)',
  ],
}
