import type { Migration } from '../migrate.ts'

export const leases: Migration = {
  name: '0004-leases',
  kind: 'expand',
  statements: [
    'create table lease (name text primary key, holder text not null, held_until bigint not null)',
  ],
}
