// What all operations of API clients share.
import type { KeyObject } from 'node:crypto'
import type { Catalogue } from '../catalogue/catalogue.ts'
import type { ChangeWatch } from '../database/changes.ts'
import type { Database } from '../database/tables.ts'
import { problemSchema } from '../http/problem-schema.ts'
import type { DoOnce } from '../idempotency.ts'
import type { NewId, Now } from '../vocabulary/clock.ts'
import { type ClientAnswer, presentClient } from './client-answer.ts'
import type { ClientDirectory } from './directory.ts'
import { type ManagedClient, noSecrets, summariseSecrets } from './managed-store.ts'
import type { PublishedKeys } from './published-keys.ts'

export interface ClientOperations {
  db: Database
  now: Now
  newId: NewId
  doOnce: DoOnce
  pepper: KeyObject
  catalogue: Catalogue
  clients: Pick<ClientDirectory, 'forget'>
  publishedKeys: Pick<PublishedKeys, 'refresh'>
  /** Tells, once a change is committed, on which nodes it is in effect. */
  changes: Pick<ChangeWatch, 'waitForNodes'>
  publicUrl: string
}

/** The largest body: certificates of authorities, and twenty keys with theirs. */
export const clientBodyLimit = 256 * 1024

/** How an operation on one client is refused, for the API reference. */
export const clientProblems = {
  404: problemSchema('No such API client in this account and environment'),
  409: problemSchema('It conflicts with what is there'),
  412: problemSchema('The client was changed meanwhile; changes says how'),
}

/** A client with what is known of its secrets, as it is shown. */
export async function showClient(
  db: Database,
  client: ManagedClient,
  { catalogue, publicUrl, now }: Pick<ClientOperations, 'catalogue' | 'publicUrl' | 'now'>,
): Promise<ClientAnswer> {
  const secrets = await summariseSecrets(db, client, [client.id], now())
  return presentClient(client, secrets.get(client.id) ?? noSecrets, { catalogue, publicUrl, nowMs: now() })
}
