import assert from 'node:assert/strict'
import { hostname } from 'node:os'
import { test } from 'node:test'
import { dialectsOfRun } from '../testing/database.ts'
import { createWorld, tokenRequest } from '../testing/world.ts'
import { createIds } from '../vocabulary/clock.ts'
import type { Batch } from './batch.ts'
import type { Happening } from './entry.ts'
import { createRecorder } from './recorder.ts'

for (const dialect of dialectsOfRun) {
  test(`${dialect}: a token request is found by its request id, granted or refused`, async () => {
    const world = await createWorld({ dialect })
    const client = await world.makeClient({ scopes: ['event'] })
    const granted = await world.inject(tokenRequest(client, 'grant_type=client_credentials&scope=event'))
    const refused = await world.inject(tokenRequest(client, 'grant_type=client_credentials&scope=identify'))
    await world.app.recorder.flush()
    const acme = { accountId: 'acme', environment: 'test' } as const
    const find = (
      of: typeof acme | { accountId: string; environment: 'production' },
      answer: typeof granted,
    ) => world.app.activity.find(of, String(answer.headers['request-id']))
    const found = await find(acme, granted)
    assert.deepEqual(
      [found?.clientId, found?.accountId, found?.environment, found?.scopes, found?.status, found?.error],
      [client.clientId, 'acme', 'test', 'event', 200, null],
    )
    assert.match(found?.secretId ?? '', /^sec_/)
    assert.equal(found?.node, hostname())
    const other = await find(acme, refused)
    assert.deepEqual([other?.clientId, other?.status, other?.error], [client.clientId, 400, 'invalid_scope'])
    assert.equal(await find({ accountId: 'acme', environment: 'production' }, granted), undefined)
    assert.equal(await find({ accountId: 'other', environment: 'production' }, granted), undefined)
    await world.close()
  })
}

const happening: Happening = {
  id: 'req_01a20f87-b7b8-7652-a025-5db09d6dbefc',
  kind: 'token_request',
  accountId: null,
  environment: null,
  clientId: null,
  secretId: null,
  scopes: '',
  requiredScope: null,
  operation: 'POST /oauth/connect/token',
  status: 200,
  error: null,
  reason: null,
  durationMs: 1,
  address: null,
  userAgent: null,
  host: 'h',
}

function idsOf(batches: readonly Batch[]): string[] {
  return batches.flatMap(({ days }) => days.flatMap(([, { ids }]) => ids))
}

test('what waits is bounded: beyond it rows are dropped and counted, and nothing throws', async () => {
  let released = () => {}
  const gate = new Promise<void>((resolve) => {
    released = resolve
  })
  let written = 0
  const told: number[] = []
  const writer = {
    batchEntries: 500,
    write: async (batches: readonly Batch[]) => {
      await gate
      written += idsOf(batches).length
    },
    close: async () => undefined,
  }
  const recorder = createRecorder({
    writer,
    now: () => 0,
    onDrop: (entries) => told.push(entries),
  })
  for (let index = 0; index < 25_000; index += 1) recorder.record(happening)
  assert.ok(recorder.dropped() > 0)
  released()
  await recorder.close()
  assert.equal(written + recorder.dropped(), 25_000)
  assert.deepEqual(told, [recorder.dropped()], 'it is told in one line')
})

test('what cannot be written at all costs the batch, not the process', async () => {
  const writer = {
    batchEntries: 500,
    write: async () => {
      throw new Error('a fault')
    },
    close: async () => undefined,
  }
  const recorder = createRecorder({ writer, now: () => 0, onDrop: () => undefined })
  recorder.record(happening)
  await recorder.flush()
  assert.equal(recorder.dropped(), 1)
})

for (const [name, code] of [
  ['away', 'ECONNREFUSED'],
  ['full', 'SQLITE_FULL'],
] as const)
  test(`while the store is ${name} it waits, and is written once it is back, each once`, async () => {
    let failing = true
    const written: string[] = []
    const writer = {
      batchEntries: 500,
      write: async (batches: readonly Batch[]) => {
        if (failing)
          throw Object.assign(new Error(name), { code, ...(name === 'away' && { syscall: 'connect' }) })
        written.push(...idsOf(batches))
      },
      close: async () => undefined,
    }
    const recorder = createRecorder({ writer, now: () => 0, onDrop: () => undefined })
    const newId = createIds(() => 0)
    const ids = Array.from({ length: 1200 }, () => newId('req'))
    for (const id of ids.slice(0, 700)) recorder.record({ ...happening, id })
    await recorder.flush()
    for (const id of ids.slice(700)) recorder.record({ ...happening, id })
    await recorder.flush()
    failing = false
    await recorder.flush()
    assert.deepEqual(
      written.map((uuid) => `req_${uuid}`),
      ids,
    )
    assert.equal(recorder.dropped(), 0)

    failing = true
    recorder.record(happening)
    await recorder.close()
    assert.equal(recorder.dropped(), 1, 'what waits at the end is told')
  })
