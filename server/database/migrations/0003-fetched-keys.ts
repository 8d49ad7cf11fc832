import type { Migration } from '../migrate.ts'

/** The keys that clients publish: kept here, so that a start and every node have them at once. */
export const fetchedKeys: Migration = {
  name: '0003-fetched-keys',
  kind: 'expand',
  statements: [
    'alter table client add column fetched_jwks text',
    'alter table client add column fetched_jwks_at bigint',
    'create index client_by_key_fetch on client (fetched_jwks_at) where jwks_uri is not null',
  ],
}
