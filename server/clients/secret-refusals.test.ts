import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dialectsOfRun } from '../testing/database.ts'
import { secretsOf } from '../testing/secrets.ts'
import { createWorld, type TestClient } from '../testing/world.ts'

const manage = ['account_read', 'account_write']
const any = { 'if-match': '*' }

for (const dialect of dialectsOfRun) {
  test(`${dialect}: what cannot be asked of secrets is refused, and nothing changes`, async () => {
    const world = await createWorld({ dialect })
    const client = await world.makeClient()
    const other = await world.makeClient()
    const foreign = await world.makeClient({ accountId: 'blue-whale' })
    const production = await world.makeClient({ environment: 'production' })
    const call = await secretsOf(world, client)
    const [own] = (await call('GET', '')).json().items
    const [others] = (await (await secretsOf(world, other))('GET', '')).json().items
    const before = await world.database.db.selectFrom('client_secret').selectAll().execute()
    const read = `Bearer ${await world.token(['account_read'])}`
    const write = `Bearer ${await world.token(['account_write'])}`
    const elsewhere = `Bearer ${await world.token(manage, { environment: 'production' })}`
    const both = `Bearer ${await world.token(manage, { scopes: manage })}`
    const at = (of: TestClient | string, path = '') =>
      `/account/test/api-clients/${typeof of === 'string' ? of : of.clientId}/secrets${path}`
    const past = new Date(world.clock.now() - 1000).toISOString()
    const far = new Date(world.clock.now() + 4000 * 86_400_000).toISOString()
    const cases: [string, 'GET' | 'POST' | 'PATCH', string, string, object | undefined, number][] = [
      ['no scope to read', 'GET', at(client), write, undefined, 403],
      ['the other environment', 'GET', at(client), elsewhere, undefined, 403],
      ['an id that is none', 'GET', at('%00'), both, undefined, 400],
      ['an unknown client', 'GET', at('test-no-such-1'), both, undefined, 404],
      ['a client of another account', 'GET', at(foreign), both, undefined, 404],
      ['a client of production', 'GET', at(production), both, undefined, 404],
      ['the secret of another client', 'GET', at(client, `/${others.id}`), both, undefined, 404],
      ['no scope to write', 'POST', at(client), read, { name: 'a' }, 403],
      ['no name', 'POST', at(client), both, {}, 400],
      ['a name with a line end', 'POST', at(client), both, { name: 'a\nb' }, 400],
      ['a long name', 'POST', at(client), both, { name: 'a'.repeat(101) }, 400],
      ['a secret of their own', 'POST', at(client), both, { name: 'a', secret: 'x'.repeat(43) }, 400],
      ['a hash of their own', 'POST', at(client), both, { name: 'a', hash: 'x' }, 400],
      ['an expiry that is none', 'POST', at(client), both, { name: 'a', expiresAt: 'tomorrow' }, 400],
      ['an expiry that has passed', 'POST', at(client), both, { name: 'a', expiresAt: past }, 422],
      ['an expiry too far away', 'POST', at(client), both, { name: 'a', expiresAt: far }, 422],
      ['two expiries', 'POST', at(client), both, { name: 'a', expiresAt: null, expiresInDays: 1 }, 422],
      ['no days', 'POST', at(client), both, { name: 'a', expiresInDays: 0 }, 400],
      ['an end of the others at once', 'POST', at(client), both, { name: 'a', endOthersInSeconds: 0 }, 400],
      ['an end after 31 days', 'POST', at(client), both, { name: 'a', endOthersInSeconds: 2_678_400 }, 400],
      ['a client of another account', 'POST', at(foreign), both, { name: 'a' }, 404],
      ['a client of production', 'POST', at(production), both, { name: 'a' }, 404],
      ['no scope to write', 'PATCH', at(client, `/${own.id}`), read, { name: 'a' }, 403],
      ['nothing to change', 'PATCH', at(client, `/${own.id}`), both, {}, 400],
      ['days for a change', 'PATCH', at(client, `/${own.id}`), both, { expiresInDays: 3 }, 400],
      ['a revival', 'PATCH', at(client, `/${own.id}`), both, { revokedAt: null }, 400],
      ['an expiry that has passed', 'PATCH', at(client, `/${own.id}`), both, { expiresAt: past }, 422],
      ['the secret of another client', 'PATCH', at(client, `/${others.id}`), both, { name: 'a' }, 404],
      ['a client of another account', 'PATCH', at(foreign, `/${own.id}`), both, { name: 'a' }, 404],
      ['no scope to write', 'POST', at(client, `/${own.id}/revoke`), read, undefined, 403],
      ['the secret of another client', 'POST', at(client, `/${others.id}/revoke`), both, undefined, 404],
      ['a client of another account', 'POST', at(foreign, `/${own.id}/revoke`), both, undefined, 404],
      ['a client of production', 'POST', at(production, `/${own.id}/revoke`), both, undefined, 404],
    ]
    for (const [what, method, url, authorization, payload, status] of cases) {
      const headers = { authorization, ...(method === 'PATCH' && any) }
      const answer = await world.inject({ method, url, headers, ...(payload && { payload }) })
      assert.equal(answer.statusCode, status, `${method} with ${what}: ${answer.body}`)
      assert.ok(!answer.body.includes('x'.repeat(43)), 'nothing is repeated')
    }
    const unseen = await call('PATCH', `/${own.id}`, { name: 'a' })
    assert.equal(unseen.statusCode, 428)
    const after = await world.database.db.selectFrom('client_secret').selectAll().execute()
    assert.deepEqual(
      after.map(({ last_used_at: _, last_used_address: __, ...row }) => row).slice(0, before.length),
      before.map(({ last_used_at: _, last_used_address: __, ...row }) => row),
    )
    await world.close()
  })
}
