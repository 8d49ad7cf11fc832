// Calls of the account-wide operations in tests: by an operator, and by an ordinary account.
import type { LightMyRequestResponse } from 'fastify'
import type { TestClient, World } from './world.ts'

export type Call = (
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: object,
  headers?: Record<string, string>,
) => Promise<LightMyRequestResponse>

/** Calls `/account` and this path with a token. */
export function callerWith(world: World, token: string): Call {
  return async (method, path, body, headers = {}) =>
    world.inject({
      method,
      url: `/account${path}`,
      headers: { authorization: `Bearer ${token}`, ...headers },
      ...(body && { payload: body }),
    })
}

/** An operator: a production client of the account `house` that may read, too. */
export async function makeOperator(world: World): Promise<{ client: TestClient; call: Call }> {
  const scopes = ['account_read', 'operator']
  const client = await world.makeClient({
    accountId: 'house',
    environment: 'production',
    operator: true,
    scopes,
  })
  return { client, call: callerWith(world, await world.token(scopes, client)) }
}

/** What the audit trail says of an object, oldest first. */
export async function trailOf(world: World, kind: string, id: string) {
  const rows = await world.database.db
    .selectFrom('audit')
    .selectAll()
    .where('object_kind', '=', kind)
    .where('object_id', '=', id)
    .orderBy('seq')
    .execute()
  return rows.map((row) => ({
    accountId: row.account_id,
    environment: row.environment,
    by: row.actor_id,
    action: row.action,
    version: row.object_version,
    before: JSON.parse(row.before ?? 'null'),
    after: JSON.parse(row.after ?? 'null'),
  }))
}
