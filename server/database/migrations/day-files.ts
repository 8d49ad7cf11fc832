// SQLite: the steps of the files that hold the activity of one day. A newer release may meet the file of an older one,
// and the other way round: they are migrated like every other database.
import type { Migration } from '../migration.ts'

export const dayMigrations: readonly Migration[] = [
  {
    name: 'day-0001-entries',
    kind: 'expand',
    statements: [
      `create table activity (
        id {{uuid}} primary key, facts_id {{uuid}} not null, caller_id {{uuid}}, at bigint not null,
        duration_ms real not null, reason text, node text not null){{without_rowid}}`,
      // No index, which would touch a page for nearly every entry: it is brought up to date every few seconds, many
      // entries at a time and in its own order.
      `create table activity_by_facts (
        facts_id {{uuid}} not null, id {{uuid}} not null, primary key (facts_id, id)){{without_rowid}}`,
      // From which entry on some may be missing in it; no row: none are.
      'create table activity_not_by_facts (one bigint primary key, from_id {{uuid}} not null)',
    ],
  },
]

export const callerMigrations: readonly Migration[] = [
  {
    name: 'callers-0001-callers',
    kind: 'expand',
    statements: [
      'create table activity_caller (id {{uuid}} primary key, address text, user_agent text){{without_rowid}}',
    ],
  },
]
