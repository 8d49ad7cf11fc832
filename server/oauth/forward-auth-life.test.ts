// When a token, its client, its key or its API ends, a proxy hears it with the next call.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { disableClient } from '../clients/revocations.ts'
import { dialectsOfRun } from '../testing/database.ts'
import { asked, bearer, createAsk, openForwardAuthWorld } from '../testing/forward-auth-requests.ts'
import { ordersScopes } from '../testing/orders-api.ts'
import { tokenRequest } from '../testing/world.ts'

const ask = createAsk(() => {
  throw new Error('Each of these tests has a world of its own.')
})

for (const dialect of dialectsOfRun) {
  test(`${dialect}: a revoked token and one of a disabled client are refused at once, others pass`, async () => {
    const at = await openForwardAuthWorld({ dialect })
    const one = await at.makeClient({ scopes: ordersScopes })
    const [dead, alive] = [await at.token(['orders_read'], one), await at.token(['orders_read'], one)]
    const status = async (text: string) => (await ask(bearer(text), { at })).statusCode
    assert.deepEqual([await status(dead), await status(alive)], [200, 200])
    const revoke = tokenRequest(one, new URLSearchParams({ token: dead }).toString())
    await at.inject({ ...revoke, url: '/oauth/connect/revocation' })
    assert.deepEqual([await status(dead), await status(alive)], [401, 200])
    await disableClient(at.database.db, { id: one.clientId, environment: 'test' }, at.clock.now())
    await at.app.changes.poll()
    const answer = await ask(bearer(alive), { at })
    assert.deepEqual([answer.statusCode, answer.json().detail.slice(0, 21)], [401, 'The token was revoked'])
    await at.close()
  })
}

test('when a key is withdrawn, no token of its passes because it once did', async () => {
  const at = await openForwardAuthWorld()
  const one = await at.makeClient({ scopes: ordersScopes })
  const text = await at.token(['orders_read'], one)
  assert.equal((await ask(bearer(text), { at })).statusCode, 200)
  await at.app.rotation.rotate('emergency')
  await at.app.changes.poll()
  assert.equal((await ask(bearer(text), { at })).statusCode, 401)
  assert.equal((await ask(bearer(await at.token(['orders_read'], one)), { at })).statusCode, 200)
  await at.close()
})

test('when an API is registered anew, its old audience is none any more', async () => {
  const at = await openForwardAuthWorld()
  const text = await at.token(['orders_read'], { scopes: ordersScopes })
  assert.equal((await ask(bearer(text), { at })).statusCode, 200)
  await at.database.db
    .updateTable('api')
    .set({ audience_test: 'https://new.example' })
    .where('id', '=', 'orders')
    .execute()
  await at.app.catalogue.reload()
  assert.equal((await ask(bearer(text), { at })).statusCode, 400)
  assert.equal((await ask(bearer(text), { at, url: asked('https://new.example') })).statusCode, 401)
  await at.close()
})

test('an expired token is refused, remembered or not', async () => {
  const at = await openForwardAuthWorld()
  const short = await at.token(['orders_read'], { scopes: ordersScopes, tokenLifetimeSeconds: 60 })
  assert.equal((await ask(bearer(short), { at })).statusCode, 200)
  at.clock.advance(91_000)
  const answer = await ask(bearer(short), { at })
  assert.deepEqual([answer.statusCode, answer.json().detail.slice(0, 17)], [401, 'The token expired'])
  await at.close()
})
