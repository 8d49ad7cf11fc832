import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createWorld } from '../testing/world.ts'

test('the account API takes a token with the scope that its permission needs, and no other', async () => {
  const world = await createWorld()
  const read = await world.token(['account_read'])
  const write = await world.token(['account_write'])
  const call = async (headers: Record<string, string>) =>
    (await world.inject({ url: '/account', headers })).statusCode
  assert.equal(await call({}), 401)
  assert.equal(await call({ authorization: `Bearer ${write}` }), 403)
  assert.equal(await call({ authorization: `Bearer ${read}` }), 200)
  await world.close()
})

test('a session cookie beside an Authorization header answers 400', async () => {
  const world = await createWorld()
  const token = await world.token(['account_read'])
  const answer = await world.inject({
    url: '/account',
    headers: { authorization: `Bearer ${token}`, cookie: 'a=b; __Host-latchkey.session=x' },
  })
  assert.equal(answer.statusCode, 400)
  assert.match(answer.json().type, /ambiguous_credentials$/)
  await world.close()
})
