import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDialects } from '../testing/database.ts'
import { callerWith, makeOperator } from '../testing/operator.ts'
import { createWorld } from '../testing/world.ts'

const skip = !testDialects.includes('postgres') && 'PostgreSQL is not here'

test('no client gets a scope while it is taken from its account', { skip }, async () => {
  const world = await createWorld({ dialect: 'postgres' })
  const { call } = await makeOperator(world)
  const audiences = { production: 'https://orders.example', test: 'https://test.orders.example' }
  const scopes = [{ name: 'orders_admin', description: 'x', access: 'granted' }]
  await call('POST', '/apis', { id: 'orders', name: 'Orders', audiences, scopes })
  const manage = ['account_read', 'account_write']
  const own = callerWith(world, await world.token(manage, { accountId: 'acme' }))
  const create = () => own('POST', '/test/api-clients', { name: 'Admin', scopes: ['orders_admin'] })
  let made = 0
  for (let round = 0; round < 12; round += 1) {
    assert.equal((await call('PUT', '/accounts/acme/scopes/orders_admin')).statusCode, 200)
    const take = () => call('DELETE', '/accounts/acme/scopes/orders_admin')
    // Either begins in turn.
    const early = round % 2 === 0 ? [create()] : []
    const [taken, ...answers] = await Promise.all([take(), create(), create(), ...early])
    assert.equal(taken.statusCode, 200, taken.body)
    for (const { statusCode, body } of answers) assert.ok([201, 403].includes(statusCode), body)
    made += answers.filter(({ statusCode }) => statusCode === 201).length
    const rows = await world.database.db
      .selectFrom('client')
      .select(['id', 'scopes'])
      .where('account_id', '=', 'acme')
      .execute()
    assert.deepEqual(
      rows.filter((row) => row.scopes.includes('orders_admin')),
      [],
      `round ${round}`,
    )
  }
  assert.ok(made > 0, 'some came before')
  await world.close()
})
