// Nothing is half there: what must hold between the tables after any sequence of requests.
import assert from 'node:assert/strict'
import { verifyAudit } from '../../activity/audit-verification.ts'
import type { World } from '../world.ts'

/** @returns how many audit entries there are. @throws {AssertionError} for what does not belong together. */
export async function assertWholeRows({ database: { db } }: World): Promise<number> {
  const { fault, entries } = await verifyAudit(db)
  assert.deepEqual(fault, undefined)

  const ids = async (table: 'account' | 'client' | 'api') =>
    new Set((await db.selectFrom(table).select('id').execute()).map(({ id }) => id))
  const [accounts, clientIds, apis] = [await ids('account'), await ids('client'), await ids('api')]
  const clients = await db.selectFrom('client').selectAll().execute()
  for (const client of clients) {
    assert.ok(accounts.has(client.account_id), `${client.id} has no account`)
    for (const list of [client.scopes, client.allowed_networks, client.authentication_methods])
      assert.ok(Array.isArray(JSON.parse(list)), `${client.id}: ${list}`)
  }
  for (const secret of await db.selectFrom('client_secret').selectAll().execute())
    assert.ok(clientIds.has(secret.client_id), `${secret.id} has no client`)
  for (const scope of await db.selectFrom('scope').selectAll().execute())
    assert.ok(apis.has(scope.api_id), `${scope.name} has no API`)
  const unfinished = await db.selectFrom('idempotent_answer').select('key').where('status', '=', 0).execute()
  assert.deepEqual(unfinished, [])

  // A change and its entry are one: the last entry of a client tells its version.
  const last = await db
    .selectFrom('audit')
    .select((eb) => ['object_id', eb.fn.max('object_version').as('version')])
    .where('object_kind', '=', 'client')
    .groupBy('object_id')
    .execute()
  const versions = new Map(clients.map(({ id, version }) => [id, version]))
  for (const { object_id: id, version } of last) {
    const known = versions.get(id)
    if (known !== undefined && version !== null)
      assert.equal(known, version, `${id} was changed without a trace`)
  }
  return entries
}
