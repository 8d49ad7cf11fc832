// What the authorization server changes leaves its entry in the audit trail, in the same transaction.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { verifyAudit } from '../activity/audit-verification.ts'
import type { AuditRow } from '../audit.ts'
import { dialectsOfRun } from '../testing/database.ts'
import { basic, createWorld, type World } from '../testing/world.ts'
import { listKeys } from './key-store.ts'

const day = 24 * 3_600_000

async function entriesOf(world: World, objectKind: string): Promise<AuditRow[]> {
  const query = world.database.db.selectFrom('audit').selectAll().where('object_kind', '=', objectKind)
  return query.orderBy('seq').execute()
}

/** Action, key, and how it came about. */
async function keyEntries(world: World) {
  return (await entriesOf(world, 'signing_key')).map(
    (row) => [row.action, row.object_id, JSON.parse(row.after ?? '{}').rotation] as const,
  )
}

for (const dialect of dialectsOfRun) {
  test(`${dialect}: the first key, each rotation and the end of each key are in the trail, never a private half`, async () => {
    const world = await createWorld({ dialect })
    const { app, clock, database } = world
    const [first] = await listKeys(database.db)
    assert.deepEqual(await keyEntries(world), [['signing_key.created', first?.id, 'first']])

    clock.advance(89 * day)
    await app.background.run()
    const second = (await listKeys(database.db)).find((key) => key.id !== first?.id)
    assert.deepEqual((await keyEntries(world)).slice(1), [
      ['signing_key.created', second?.id, 'scheduled'],
      ['signing_key.retired', first?.id, 'scheduled'],
    ])

    const third = await app.rotation.rotate('emergency')
    const emergency = (await entriesOf(world, 'signing_key')).slice(3)
    assert.deepEqual(
      emergency.map((row) => row.object_id),
      [third.id, second?.id, first?.id],
    )
    const [created, ...retired] = emergency.map((row) => ({ ...row, after: JSON.parse(row.after ?? '') }))
    assert.deepEqual(created?.after, {
      algorithm: 'ES256',
      signer: 'local',
      activeFrom: new Date(third.activeFrom).toISOString(),
      rotation: 'emergency',
    })
    const removedFrom = new Date(clock.now() - 30_000).toISOString()
    for (const row of retired) assert.deepEqual(row.after, { removedFrom, rotation: 'emergency' })
    assert.equal(JSON.parse(retired[0]?.before ?? '').removedFrom, null)

    clock.advance(2 * day)
    await app.background.run()
    const destroyed = (await keyEntries(world)).slice(6)
    assert.deepEqual(destroyed.map(([action, id]) => [action, id]).toSorted(), [
      ['signing_key.destroyed', first?.id],
      ['signing_key.destroyed', second?.id],
    ])
    await app.background.run()
    const rows = await entriesOf(world, 'signing_key')
    assert.equal(rows.length, 8, 'nothing happened in the last turn')
    for (const row of rows) {
      const who =
        row.object_id === first?.id && row.action.endsWith('created') ? 'first_start' : 'signing_key_rotation'
      assert.deepEqual(
        [row.account_id, row.environment, row.actor_kind, row.actor_id],
        [null, null, 'system', who],
      )
    }
    const keys = await database.db.selectFrom('signing_key').select('wrapped_private_key').execute()
    const text = JSON.stringify(rows)
    for (const key of keys)
      assert.ok(key.wrapped_private_key === '' || !text.includes(key.wrapped_private_key.slice(0, 20)))
    assert.equal((await verifyAudit(database.db)).fault, undefined)
    await world.close()
  })

  test(`${dialect}: a rotation whose entry cannot be written does not happen`, async () => {
    const world = await createWorld({ dialect })
    const { db } = world.database
    const before = await listKeys(db)
    await db.deleteFrom('audit_head').execute()
    for (const mode of ['now', 'scheduled', 'emergency'] as const)
      await assert.rejects(world.app.rotation.rotate(mode))
    assert.deepEqual(await listKeys(db), before)
    await world.close()
  })

  test(`${dialect}: revoking all tokens of a client (RFC 7009) says that the client itself did it, and from where`, async () => {
    const world = await createWorld({ dialect })
    const { db } = world.database
    const client = await world.makeClient()
    const revoke = (payload: string) =>
      world.inject({
        method: 'POST',
        url: '/oauth/connect/revocation',
        headers: { authorization: basic(client), 'content-type': 'application/x-www-form-urlencoded' },
        remoteAddress: '192.0.2.7',
        payload,
      })
    const answer = await revoke('all_tokens=true')
    assert.equal(answer.statusCode, 200)
    const [row, ...more] = await entriesOf(world, 'client')
    assert.deepEqual(more, [])
    assert.deepEqual(
      [row?.account_id, row?.environment, row?.action, row?.object_id, row?.actor_kind, row?.actor_id],
      ['acme', 'test', 'client.tokens_revoked', client.clientId, 'client', client.clientId],
    )
    assert.deepEqual([row?.address, row?.request_id], ['192.0.2.7', answer.headers['request-id']])
    assert.deepEqual(JSON.parse(row?.after ?? ''), { tokensFromBefore: '2026-11-24T12:00:00.000Z' })

    await db.deleteFrom('audit_head').execute()
    world.clock.advance(5000)
    assert.equal((await revoke('all_tokens=true')).statusCode, 500)
    const { not_before: notBefore } = await db
      .selectFrom('client')
      .select('not_before')
      .where('id', '=', client.clientId)
      .executeTakeFirstOrThrow()
    assert.equal(notBefore, world.clock.now() - 5000, 'without its entry nothing was revoked')
    await world.close()
  })
}
