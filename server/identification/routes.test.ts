import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDialects } from '../testing/database.ts'
import { testGuard } from '../testing/guarded-cases.ts'
import { sharedWorld } from '../testing/shared-world.ts'
import { createWorld, type World } from '../testing/world.ts'

testGuard({ method: 'POST', url: '/identification/sessions', scope: 'identify', otherScope: 'event' })
testGuard({ method: 'GET', url: '/identification/sessions', scope: 'identify', otherScope: 'event' })
testGuard({ method: 'GET', url: '/identification/sessions/idn_x', scope: 'identify', otherScope: 'event' })

async function create(world: World, token: string, body?: string) {
  const headers = {
    authorization: `Bearer ${token}`,
    ...(body !== undefined && { 'content-type': 'application/json' }),
  }
  return world.inject({
    method: 'POST',
    url: '/identification/sessions',
    headers,
    ...(body !== undefined && { payload: body }),
  })
}
const read = (world: World, token: string, url: string) =>
  world.inject({ url, headers: { authorization: `Bearer ${token}` } })

for (const dialect of testDialects) {
  test(`${dialect}: a session is created, listed and read, and expires when its time is over`, async () => {
    const world = await createWorld({ dialect })
    const token = await world.token(['identify'])
    const created = await create(world, token, '{"expiresInSeconds":60}')
    assert.equal(created.statusCode, 201, created.body)
    const session = created.json()
    assert.match(session.id, /^idn_[0-9a-f-]{36}$/)
    assert.deepEqual(
      [session.status, session.createdAt, session.expiresAt],
      ['created', '2026-11-24T12:00:00.000Z', '2026-11-24T12:01:00.000Z'],
    )
    const url = String(created.headers.location)
    assert.deepEqual((await read(world, token, url)).json(), session)
    world.clock.advance(59_999)
    assert.equal((await read(world, token, url)).json().status, 'created')
    world.clock.advance(1)
    assert.equal((await read(world, token, url)).json().status, 'expired')
    assert.equal((await read(world, token, '/identification/sessions')).json().items[0].status, 'expired')
    await world.close()
  })

  test(`${dialect}: sessions of another account or environment are not there`, async () => {
    const world = await createWorld({ dialect })
    const url = String((await create(world, await world.token(['identify']))).headers.location)
    for (const wish of [{ accountId: 'other' }, { environment: 'production' as const }]) {
      const token = await world.token(['identify'], { scopes: ['identify'], ...wish })
      assert.equal((await read(world, token, url)).statusCode, 404)
      assert.deepEqual((await read(world, token, '/identification/sessions')).json().items, [])
    }
    await world.close()
  })
}

const asking = sharedWorld()
for (const [body, status] of [
  [undefined, 201],
  ['{}', 201],
  ['{"expiresInSeconds":3600}', 201],
  ['{"expiresInSeconds":59}', 400],
  ['{"expiresInSeconds":3601}', 400],
  ['{"expiresInSeconds":"60"}', 400],
  ['{"expiresInSeconds":60.5}', 400],
  ['{"expiresInSeconds":null}', 400],
  ['{"status":"success"}', 400],
  ['[]', 400],
  ['null', 400],
  ['{', 400],
  ['', 400],
  ['{"__proto__":{"x":1}}', 400],
] as const) {
  test(`a session asked with ${body === undefined ? 'no body' : body || 'an empty JSON body'} answers ${status}`, async () => {
    const world = asking()
    const answer = await create(world, await world.token(['identify']), body)
    assert.equal(answer.statusCode, status, answer.body)
    if (status === 400) {
      assert.ok(answer.json().detail.length > 10)
      assert.doesNotMatch(answer.body, /at .*\.ts|node_modules/)
    }
  })
}
