import type { Kysely } from 'kysely'
import type { LogTables } from '../database/tables.ts'
import type { TokenRequestRow } from './token-request-log.ts'

/** What is known of one token request, by the `Request-Id` of its answer. */
export async function findTokenRequest(
  db: Kysely<LogTables>,
  requestId: string,
): Promise<TokenRequestRow | undefined> {
  return db.selectFrom('token_request').selectAll().where('id', '=', requestId).executeTakeFirst()
}
