import type { Migration } from '../migrate.ts'

export const tokenService: Migration = {
  name: '0002-token-service',
  kind: 'expand',
  statements: [
    `alter table client add column authentication_methods text not null default '["client_secret_basic"]'`,
    'alter table client add column jwks text',
    'alter table client add column jwks_uri text',
    'alter table client add column tls_client_auth text',
    'alter table client add column dpop_bound bigint not null default 0',
    'alter table client add column certificate_bound bigint not null default 0',
    'alter table client add column not_before bigint',
    'alter table client add column legacy_audience_until bigint',
    'alter table client_secret add column last_used_at bigint',
    `alter table api add column resource_servers text not null default '[]'`,
    `alter table signing_key add column signer text not null default 'local'`,
    'create table used_proof (id text primary key, expires_at bigint not null)',
    'create index used_proof_by_expiry on used_proof (expires_at)',
    `create table revocation (
      seq {{sequence}}, at bigint not null, kind text not null, environment text not null, client_id text not null,
      token_id text, not_before bigint, expires_at bigint not null)`,
    'create index revocation_by_expiry on revocation (expires_at)',
    'create table change_log (seq {{sequence}}, at bigint not null, kind text not null, key text not null)',
    'create index change_log_by_time on change_log (at)',
  ],
}
