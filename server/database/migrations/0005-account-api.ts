import type { Migration } from '../migrate.ts'

/** What the operations of an account need: client facts that people set, access levels, audit, idempotent answers. */
export const accountApi: Migration = {
  name: '0005-account-api',
  kind: 'expand',
  statements: [
    `alter table client add column description text not null default ''`,
    `alter table client add column allowed_networks text not null default '[]'`,
    'alter table client add column version bigint not null default 1',
    'alter table client add column deleted_at bigint',
    'alter table client add column copied_from text',
    'alter table client add column token_quota_per_hour bigint',
    'create index client_by_birth on client (account_id, environment, created_at, id)',
    'create index client_deleted on client (deleted_at) where deleted_at is not null',
    'alter table client_secret add column last_used_address text',
    'alter table account add column operator bigint not null default 0',
    'alter table account add column version bigint not null default 1',
    'alter table account add column updated_at bigint',
    `alter table scope add column access text not null default 'everyone'`,
    `alter table scope add column endpoints text not null default '[]'`,
    'alter table scope add column deprecated_at bigint',
    'alter table scope add column deprecation_note text',
    'alter table scope add column retired_at bigint',
    'alter table api add column version bigint not null default 1',
    `alter table api add column description text not null default ''`,
    `create table account_scope (
      account_id text not null references account (id), scope text not null, created_at bigint not null,
      primary key (account_id, scope))`,
    `create table audit (
      seq bigint primary key, id text not null unique, at bigint not null, account_id text, environment text,
      actor_kind text not null, actor_id text not null, address text, address_salt text, address_digest text not null,
      request_id text, action text not null, object_kind text not null, object_id text not null,
      object_version bigint, before text, after text, hash text not null)`,
    'create index audit_by_account on audit (account_id, seq)',
    'create index audit_by_object on audit (object_kind, object_id, seq)',
    'create index audit_by_address_age on audit (at) where address is not null',
    'create table audit_head (id bigint primary key, seq bigint not null, hash text not null)',
    `insert into audit_head (id, seq, hash) values (1, 0, '')`,
    `create table idempotent_answer (
      account_id text not null, environment text not null, actor text not null, key text not null,
      request_hash text not null, status bigint not null, sealed_answer text not null, created_at bigint not null,
      primary key (account_id, environment, actor, key))`,
    'create index idempotent_answer_by_age on idempotent_answer (created_at)',
    'create table node (id text primary key, started_at bigint not null, seen_at bigint not null, seen_seq bigint not null)',
  ],
}
