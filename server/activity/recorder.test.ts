import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Kysely } from 'kysely'
import { openSqlite } from '../database/sqlite.ts'
import { ImmediateSqliteDialect } from '../database/sqlite-dialect.ts'
import type { LogTables } from '../database/tables.ts'
import { testDialects } from '../testing/database.ts'
import { createWorld, tokenRequest, type World } from '../testing/world.ts'
import { createRecorder } from './recorder.ts'
import { findTokenRequest } from './store.ts'

function openLog(world: World): Kysely<LogTables> {
  const { log } = world.database
  return 'db' in log
    ? log.db
    : new Kysely<LogTables>({ dialect: new ImmediateSqliteDialect(openSqlite(log.file, 'NORMAL')) })
}

for (const dialect of testDialects) {
  test(`${dialect}: a token request is found by its request id, granted or refused`, async () => {
    const world = await createWorld({ dialect })
    const client = await world.makeClient({ scopes: ['event'] })
    const granted = await world.inject(tokenRequest(client, 'grant_type=client_credentials&scope=event'))
    const refused = await world.inject(tokenRequest(client, 'grant_type=client_credentials&scope=identify'))
    await world.app.recorder.flush()
    const log = openLog(world)
    const found = await findTokenRequest(log, String(granted.headers['request-id']))
    assert.deepEqual(
      [found?.client_id, found?.account_id, found?.environment, found?.scopes, found?.status, found?.error],
      [client.clientId, 'acme', 'test', 'event', 200, null],
    )
    assert.match(found?.secret_id ?? '', /^sec_/)
    const other = await findTokenRequest(log, String(refused.headers['request-id']))
    assert.deepEqual([other?.client_id, other?.status, other?.error], [client.clientId, 400, 'invalid_scope'])
    if (dialect === 'sqlite') await log.destroy()
    await world.close()
  })
}

const row = {
  id: 'req_1',
  account_id: null,
  client_id: null,
  environment: null,
  secret_id: null,
  scopes: '',
  status: 200,
  error: null,
  host: 'h',
}

test('what waits is bounded: beyond it rows are dropped and counted, and nothing throws', async () => {
  let released = () => {}
  const gate = new Promise<void>((resolve) => {
    released = resolve
  })
  let written = 0
  const writer = {
    write: async (rows: readonly unknown[]) => {
      await gate
      written += rows.length
    },
    close: async () => undefined,
  }
  const recorder = createRecorder(
    writer,
    () => 0,
    () => undefined,
  )
  for (let index = 0; index < 25_000; index += 1) recorder.record(row)
  assert.ok(recorder.dropped() > 0)
  released()
  await recorder.close()
  assert.equal(written + recorder.dropped(), 25_000)
})

test('a store that fails costs the batch, not the process', async () => {
  const writer = {
    write: async () => {
      throw new Error('disk')
    },
    close: async () => undefined,
  }
  const recorder = createRecorder(
    writer,
    () => 0,
    () => undefined,
  )
  recorder.record(row)
  await recorder.flush()
  assert.equal(recorder.dropped(), 1)
})
