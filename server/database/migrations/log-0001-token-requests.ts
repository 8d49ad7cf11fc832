import type { Migration } from '../migrate.ts'

export const tokenRequests: Migration = {
  name: 'log-0001-token-requests',
  kind: 'expand',
  statements: [
    `create table token_request (
      id text primary key, at bigint not null, account_id text, client_id text, environment text,
      secret_id text, scopes text not null, status bigint not null, error text, host text not null){{without_rowid}}`,
  ],
}
