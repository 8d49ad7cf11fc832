// What commands, the first start and periodic work change leaves its entry in the audit trail.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { verifyAudit } from '../activity/audit-verification.ts'
import { openDatabase } from '../database/open.ts'
import { insertEntries } from '../testing/audit.ts'
import { createPostgresDatabase, testDialects } from '../testing/database.ts'
import { makeFolder, runCommand, startReady } from '../testing/process.ts'
import { createWorld } from '../testing/world.ts'
import { openVault } from '../vault.ts'
import { changeMasterKey } from './change-master-key.ts'

const day = 24 * 3_600_000

for (const dialect of testDialects) {
  test(`${dialect}: the demo client and a key rotated by command are in the trail of the server that runs beside`, async () => {
    const folder = makeFolder()
    const postgres = dialect === 'postgres' ? await createPostgresDatabase() : undefined
    const settings: Record<string, string> = postgres
      ? { LATCHKEY_DATABASE_URL: postgres.url, LATCHKEY_MASTER_KEY: 'k'.repeat(43) }
      : {}
    const server = await startReady(folder.path, settings)
    const rotated = await runCommand(folder.path, ['keys', 'rotate', '--emergency'], settings)
    assert.equal(rotated.code, 0, rotated.output)
    const verified = await runCommand(folder.path, ['audit', 'verify'], settings)
    assert.equal(verified.code, 0, verified.output)

    const database = await openDatabase({
      ...{ dataDir: folder.path, databaseUrl: postgres?.url, now: Date.now, besideServer: true },
      onError: () => undefined,
    })
    const rows = await database.db.selectFrom('audit').selectAll().orderBy('seq').execute()
    const by = (kind: string, id: string) =>
      rows.filter((row) => row.actor_kind === kind && row.actor_id === id).map((row) => row.action)
    assert.deepEqual(by('system', 'first_start'), [
      'signing_key.created',
      'account.created',
      'client.created',
      'secret.created',
    ])
    assert.deepEqual(by('command', 'keys rotate'), ['signing_key.created', 'signing_key.retired'])
    const { clientSecret } = folder.demo()
    assert.ok(!JSON.stringify(rows).includes(clientSecret.slice(17, 40)))
    await database.close()
    server.child.kill('SIGTERM')
    await server.exited
    await postgres?.drop()
    folder.remove()
  })

  test(`${dialect}: of three nodes that change the master key at once one entry remains, with the ids of both keys`, async () => {
    const world = await createWorld({ dialect })
    const { db } = world.database
    const [old, fresh] = [Buffer.alloc(32, 7), Buffer.alloc(32, 9)]
    const change = () => changeMasterKey(db, openVault(fresh, old), world.newId, world.clock.now())
    const wrapped = await db.selectFrom('wrapped_secret').select('name').where('wrapped', '!=', '').execute()
    await db.deleteFrom('audit_head').execute()
    await assert.rejects(change())
    const head = await db
      .selectFrom('audit')
      .select(['seq', 'hash'])
      .orderBy('seq', 'desc')
      .executeTakeFirstOrThrow()
    await db
      .insertInto('audit_head')
      .values({ id: 1, ...head })
      .execute()
    // Nothing was wrapped anew without its entry: now everything still is.
    await Promise.all([change(), change(), change()])
    await change()
    const rows = await db.selectFrom('audit').selectAll().where('object_kind', '=', 'deployment').execute()
    assert.equal(rows.length, 1)
    assert.equal(rows[0]?.action, 'deployment.master_key_changed')
    const [before, after] = [JSON.parse(rows[0]?.before ?? ''), JSON.parse(rows[0]?.after ?? '')]
    assert.match(before.masterKeyIds.join(), /^[0-9a-f]{12}$/)
    assert.match(after.masterKeyIds.join(), /^[0-9a-f]{12}$/)
    assert.notDeepEqual(before.masterKeyIds, after.masterKeyIds)
    assert.deepEqual([after.secrets, after.signingKeys], [wrapped.length, 1])
    await world.close()
  })

  test(`${dialect}: after LATCHKEY_ADDRESS_DAYS the addresses are cut from the trail, and it holds`, async () => {
    const world = await createWorld({ dialect, settings: { LATCHKEY_ADDRESS_DAYS: '3' } })
    const { db } = world.database
    const record = (count: number) => insertEntries(db, count, world.clock.now(), world.newId)
    const withAddress = async () =>
      (await db.selectFrom('audit').select('seq').where('address', 'is not', null).execute()).length
    await record(1100)
    world.clock.advance(1)
    await record(2)
    world.clock.advance(3 * day - 1)
    await world.app.background.run()
    assert.equal(await withAddress(), 1102)
    world.clock.advance(1)
    await world.app.background.run()
    assert.equal(await withAddress(), 2)
    assert.equal((await verifyAudit(db)).fault, undefined)
    await world.close()
  })

  test(`${dialect}: a deleted client is erased with its entry, or stays`, async () => {
    const world = await createWorld({ dialect })
    const { db } = world.database
    const { clientId } = await world.makeClient()
    await db.updateTable('client').set({ deleted_at: world.clock.now() }).where('id', '=', clientId).execute()
    world.clock.advance(day)
    const head = await db.selectFrom('audit_head').selectAll().executeTakeFirstOrThrow()
    await db.deleteFrom('audit_head').execute()
    const left = async () =>
      (await db.selectFrom('client').select('id').where('id', '=', clientId).execute()).length
    await world.app.background.run()
    assert.equal(await left(), 1)
    await db.insertInto('audit_head').values(head).execute()
    await world.app.background.run()
    assert.equal(await left(), 0)
    const rows = await db.selectFrom('audit').selectAll().where('object_id', '=', clientId).execute()
    assert.deepEqual(
      rows.map((row) => [row.action, row.account_id, row.environment, row.actor_kind]),
      [['client.erased', 'acme', 'test', 'system']],
    )
    await world.close()
  })
}
