// A rotation as people do it: add, switch the program over, see that the old one is quiet, end it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dialectsOfRun } from '../testing/database.ts'
import { secretsOf } from '../testing/secrets.ts'
import { createWorld, tokenRequest } from '../testing/world.ts'

const form = 'grant_type=client_credentials&scope=event'
const hour = 3_600_000

for (const dialect of dialectsOfRun) {
  test(`${dialect}: a rotation shows who uses the old secret, when it is safe to end, and ends it as planned`, async () => {
    const world = await createWorld({ dialect })
    const client = await world.makeClient()
    const call = await secretsOf(world, client)
    const use = async (clientSecret: string, address: string, agent: string) => {
      const request = tokenRequest({ ...client, clientSecret }, form)
      const headers = { ...request.headers, 'user-agent': agent }
      return (await world.inject({ ...request, headers, remoteAddress: address })).statusCode
    }
    const read = async () => {
      await world.app.recorder.flush()
      await world.app.lastUsed.flush()
      const { items } = (await call('GET', '')).json()
      return new Map<string, Record<string, unknown>>(
        items.map((item: { name: string }) => [item.name, item]),
      )
    }
    const show = async (name: string, ...members: string[]) => {
      const secret = (await read()).get(name)
      return members.map((member) => secret?.[member])
    }

    for (const _ of [1, 2, 3]) assert.equal(await use(client.clientSecret, '203.0.113.7', 'old/1'), 200)
    assert.deepEqual(await show('first', 'usesLastHour', 'lastUsedFrom', 'lastUsedBy', 'safeToRevoke'), [
      3,
      '203.0.113.7',
      'old/1',
      false,
    ])
    assert.deepEqual(await show('first', 'verdict'), [
      '3 token requests in the last hour, last from 203.0.113.7.',
    ])

    const rotation = await call('POST', '', { name: 'second', endOthersInSeconds: 7 * 86_400 })
    assert.equal(rotation.statusCode, 201, rotation.body)
    const { secret, ending } = rotation.json()
    const end = new Date(world.clock.now() + 7 * 24 * hour).toISOString()
    assert.deepEqual(
      ending.map((other: { name: string; expiresAt: string }) => [other.name, other.expiresAt]),
      [['first', end]],
    )
    assert.deepEqual(await show('first', 'expiresAt', 'state'), [end, 'expires_soon'])
    const began = new Date(world.clock.now()).toISOString()

    world.clock.advance(2 * hour)
    assert.equal(await use(secret, '203.0.113.8', 'new/1'), 200)
    assert.deepEqual(await show('first', 'quietSince', 'safeToRevoke'), [began, false])
    assert.match(String((await show('first', 'verdict'))[0]), /quiet for 2 h/)
    world.clock.advance(22 * hour - 1)
    assert.deepEqual(await show('first', 'safeToRevoke'), [false])
    world.clock.advance(1)
    assert.deepEqual(await show('first', 'safeToRevoke', 'whyNotSafe', 'verdict'), [
      true,
      null,
      'Quiet for 24 h: safe to revoke.',
    ])
    assert.deepEqual(await show('second', 'safeToRevoke', 'lastUsedFrom', 'lastUsedBy'), [
      false,
      '203.0.113.8',
      'new/1',
    ])

    // Somebody still has it: the proof is gone at once.
    assert.equal(await use(client.clientSecret, '203.0.113.9', 'forgotten/1'), 200)
    assert.deepEqual(await show('first', 'safeToRevoke', 'lastUsedFrom', 'lastUsedBy'), [
      false,
      '203.0.113.9',
      'forgotten/1',
    ])

    world.clock.advance(6 * 24 * hour - 1)
    assert.equal(await use(client.clientSecret, '203.0.113.9', 'forgotten/1'), 200)
    world.clock.advance(1)
    assert.equal(await use(client.clientSecret, '203.0.113.9', 'forgotten/1'), 401)
    assert.equal(await use(secret, '203.0.113.8', 'new/1'), 200)
    assert.deepEqual(await show('first', 'state', 'verdict', 'safeToRevoke'), ['expired', 'Expired.', false])
    const ended = await world.database.db
      .selectFrom('audit')
      .select(['before', 'after'])
      .where('action', '=', 'secret.changed')
      .execute()
    assert.deepEqual(
      ended.map((row) => [JSON.parse(row.before ?? ''), JSON.parse(row.after ?? '')]),
      [
        [
          { clientId: client.clientId, expiresAt: null },
          { clientId: client.clientId, expiresAt: end },
        ],
      ],
    )
    await world.close()
  })

  test(`${dialect}: a rotation never lets a secret live longer than it would`, async () => {
    const world = await createWorld({ dialect })
    const expiresAt = world.clock.now() + hour
    const client = await world.makeClient({ expiresAt })
    const call = await secretsOf(world, client)
    world.clock.advance(1)
    const made = await call('POST', '', { name: 'second', endOthersInSeconds: 86_400 })
    assert.deepEqual([made.statusCode, made.json().ending], [201, []])
    const { items } = (await call('GET', '')).json()
    assert.equal(items.at(-1).expiresAt, new Date(expiresAt).toISOString())
    await world.close()
  })

  test(`${dialect}: the address of the last use is kept for a while, then cut`, async () => {
    const world = await createWorld({ dialect })
    const client = await world.makeClient()
    await world.token(['event'], client)
    await world.app.lastUsed.flush()
    const { db } = world.database
    const address = async () =>
      (
        await db
          .selectFrom('client_secret')
          .select('last_used_address')
          .where('client_id', '=', client.clientId)
          .executeTakeFirstOrThrow()
      ).last_used_address
    assert.equal(await address(), '127.0.0.1')
    world.clock.advance(30 * 24 * hour)
    await world.app.background.run()
    assert.equal(await address(), '127.0.0.1')
    world.clock.advance(1)
    await world.app.background.run()
    assert.equal(await address(), null)
    await world.close()
  })
}
