// Rotation as callers and operators see it, on both databases, with a clock that the test moves.
import assert from 'node:assert/strict'
import { createPrivateKey } from 'node:crypto'
import { test } from 'node:test'
import { testDialects } from '../testing/database.ts'
import { createWorld, tokenRequest, type World } from '../testing/world.ts'
import { listKeys } from './key-store.ts'
import { rotationTimes } from './rotation.ts'

const minute = 60_000
const day = 24 * 60 * minute

const kidOf = (token: string): string =>
  JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).kid

/** What the keys are to the outside: the one that signs, and those that are published. */
async function observe(world: World, client: Awaited<ReturnType<World['makeClient']>>) {
  const token = await world.token(['document_read'], client)
  const answer = await world.inject({ url: '/oauth/jwks' })
  const keys: { kid: string }[] = answer.json().keys
  return { token, signs: kidOf(token), published: keys.map((key) => key.kid), etag: answer.headers.etag }
}

async function call(world: World, token: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}` }
  return (await world.inject({ url: '/signature/documents', headers })).statusCode
}

/** The periodic job, and the next look at what changed. */
async function work(world: World): Promise<void> {
  await world.app.background.run()
  await world.app.changes.poll()
}

for (const dialect of testDialects) {
  test(`${dialect}: every 90 days the next key is published a day ahead, and the old one until its last token is over`, async () => {
    const world = await createWorld({ dialect })
    const client = await world.makeClient({ tokenLifetimeSeconds: 86_400 })
    const first = await observe(world, client)
    assert.deepEqual(first.published, [first.signs])
    world.clock.advance(89 * day - 1)
    await work(world)
    assert.deepEqual((await observe(world, client)).published, [first.signs])

    world.clock.advance(1)
    await work(world)
    const announced = await observe(world, client)
    assert.equal(announced.signs, first.signs)
    assert.equal(announced.published.length, 2)
    assert.notEqual(announced.etag, first.etag)

    world.clock.advance(day - 1)
    await work(world)
    const last = await observe(world, client)
    assert.equal(last.signs, first.signs)
    world.clock.advance(1)
    const next = await observe(world, client)
    assert.deepEqual(announced.published, [next.signs, first.signs])

    // The old key's last token lives a day; guards allow 30 s more.
    world.clock.advance(day - 1 + 29_000)
    await work(world)
    assert.equal(await call(world, last.token), 200)
    world.clock.advance(rotationTimes.afterLife - day - 29_000)
    await work(world)
    assert.deepEqual((await observe(world, client)).published, [next.signs, first.signs])
    world.clock.advance(1)
    assert.deepEqual((await observe(world, client)).published, [next.signs])
    // What ended a day ago can never sign again.
    world.clock.advance(day)
    await work(world)
    assert.deepEqual(
      (await listKeys(world.database.db)).map((key) => [key.id, key.wrappedPrivateKey === '']),
      [
        [next.signs, false],
        [first.signs, true],
      ],
    )
    await world.close()
  })

  test(`${dialect}: "rotate now" publishes at once and signs after ten minutes`, async () => {
    const world = await createWorld({ dialect })
    const client = await world.makeClient()
    const before = await observe(world, client)
    const key = await world.app.rotation.rotate('now')
    await world.app.changes.poll()
    const announced = await observe(world, client)
    assert.deepEqual([announced.signs, announced.published], [before.signs, [key.id, before.signs]])
    world.clock.advance(10 * minute - 1)
    const last = await observe(world, client)
    assert.equal(last.signs, before.signs)
    world.clock.advance(1)
    assert.equal((await observe(world, client)).signs, key.id)
    assert.equal(await call(world, last.token), 200)
    await world.close()
  })

  test(`${dialect}: in an emergency the new key signs at once, and all that the old one signed is refused`, async () => {
    const world = await createWorld({ dialect })
    const client = await world.makeClient()
    const before = await observe(world, client)
    // Twice: the second time it is remembered by the guard.
    assert.deepEqual([await call(world, before.token), await call(world, before.token)], [200, 200])
    const key = await world.app.rotation.rotate('emergency')
    await world.app.changes.poll()
    const after = await observe(world, client)
    assert.deepEqual([after.signs, after.published], [key.id, [key.id]])
    assert.equal(await call(world, before.token), 401)
    assert.equal(await call(world, after.token), 200)
    await world.close()
  })

  test(`${dialect}: of several that rotate by schedule at once, one does`, async () => {
    const world = await createWorld({ dialect })
    world.clock.advance(90 * day)
    await Promise.all([1, 2, 3].map(() => world.app.rotation.rotateWhenDue()))
    assert.equal((await listKeys(world.database.db)).length, 2)
    await world.close()
  })

  test(`${dialect}: of several that rotate by hand at once, the last one's key will sign`, async () => {
    const world = await createWorld({ dialect })
    const client = await world.makeClient()
    const before = await observe(world, client)
    await Promise.all([1, 2, 3].map(() => world.app.rotation.rotate('now')))
    await world.app.changes.poll()
    const { published } = await observe(world, client)
    assert.equal(published.length, 2)
    world.clock.advance(10 * minute)
    assert.deepEqual([(await observe(world, client)).signs, before.signs], published)
    await world.close()
  })

  test(`${dialect}: the database alone has nothing that signs`, async () => {
    const world = await createWorld({ dialect })
    for (const algorithm of ['EdDSA', 'RS256', 'ES256'] as const)
      await world.app.rotation.rotate('now', algorithm)
    const rows = await world.database.db.selectFrom('signing_key').selectAll().execute()
    assert.equal(rows.length, 4)
    for (const row of rows) {
      const members = Object.keys(JSON.parse(row.public_jwk))
      for (const secret of ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'])
        assert.ok(!members.includes(secret), secret)
      for (const value of Object.values(row)) {
        const text = String(value)
        assert.doesNotMatch(text, /PRIVATE KEY|"d"\s*:/)
        // PKCS#8 begins with a sequence, whichever way it is written.
        for (const encoding of ['base64url', 'hex'] as const)
          for (const part of text.split('.'))
            assert.throws(() =>
              createPrivateKey({ key: Buffer.from(part, encoding), format: 'der', type: 'pkcs8' }),
            )
      }
    }
    await world.close()
  })
}

test('without a key there is a 503 with Retry-After, never an unsigned token', async () => {
  const world = await createWorld()
  const client = await world.makeClient()
  const used = await world.token(['event'], client)
  await world.database.db.deleteFrom('signing_key').execute()
  await world.app.keys.reload()
  const answer = await world.inject(tokenRequest(client, 'grant_type=client_credentials&scope=event'))
  assert.deepEqual([answer.statusCode, answer.json().error], [503, 'temporarily_unavailable'])
  assert.ok(Number(answer.headers['retry-after']) > 0)
  assert.equal('access_token' in answer.json(), false)
  assert.equal((await world.inject({ url: '/readyz' })).statusCode, 503)
  assert.equal(await call(world, used), 401)
  // The periodic job makes one, which signs at once.
  await work(world)
  assert.ok(await world.token(['event'], client))
  await world.close()
})
