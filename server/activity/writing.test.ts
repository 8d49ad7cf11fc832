import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { openDatabase } from '../database/open.ts'
import { recordActivity } from '../testing/activity.ts'
import { testDialects } from '../testing/database.ts'
import { makeFolder, startReady } from '../testing/process.ts'
import { basic } from '../testing/world.ts'
import { createIds } from '../vocabulary/clock.ts'
import { createFactsByNumber, FactsUnknown } from './defined-facts.ts'
import type { Happening } from './entry.ts'
import { openActivity } from './open.ts'
import { createQueue } from './queue.ts'

const acme = { accountId: 'acme', environment: 'test' } as const
const dayMs = 24 * 3_600_000
const first = { limit: 99, belowId: undefined }

if (testDialects.includes('postgres'))
  test('postgres: nodes that write at once make the partition once and count together', async () => {
    const recorded = await recordActivity('postgres')
    const { database, clock } = recorded
    const nodes = ['node-2', 'node-3', 'node-4'].map((node) =>
      openActivity({
        ...{ database, now: clock.now, node, recording: true, keep: { activityDays: 30, addressDays: 30 } },
        onDrop: () => undefined,
      }),
    )
    const newId = createIds(clock.now)
    for (let index = 0; index < 400; index += 1)
      for (const { recorder } of nodes)
        recorder.record({ ...entry, id: newId('req'), clientId: `client-${index % 7}` })
    await Promise.all(nodes.map(({ recorder }) => recorder.flush()))
    const [hour] = await recorded.activity.store.hours({
      of: acme,
      fromMs: clock.now(),
      toMs: clock.now() + 1,
    })
    assert.equal(hour?.granted, 1200)
    const page = await recorded.activity.store.page({ of: acme, clientId: 'client-3' }, first)
    assert.deepEqual([...new Set(page.map(({ node }) => node))].sort(), ['node-2', 'node-3', 'node-4'])
    assert.deepEqual(
      nodes.map(({ recorder }) => recorder.dropped()),
      [0, 0, 0],
    )
    await recorded.close()
  })

test('sqlite: a file of a day that is broken costs that day, and nothing fails but reading it', async () => {
  const recorded = await recordActivity('sqlite')
  mkdirSync(recorded.folder, { recursive: true })
  writeFileSync(
    join(recorded.folder, '2026-11-24.db'),
    'this is no database, but long enough to be read as one'.repeat(50),
  )
  recorded.record()
  await recorded.activity.recorder.flush()
  assert.equal(recorded.activity.recorder.dropped(), 1)
  recorded.clock.advance(dayMs)
  const id = recorded.record()
  await recorded.activity.recorder.flush()
  assert.equal((await recorded.activity.store.find(acme, id))?.id, id)
  const today = { of: acme, fromMs: recorded.clock.now() - 1000 }
  assert.deepEqual(
    (await recorded.activity.store.page(today, first)).map((found) => found.id),
    [id],
  )
  await recorded.close()
})

test('sqlite: a newer release may add to the file of today, and this one goes on with it', async () => {
  const recorded = await recordActivity('sqlite')
  const before = recorded.record()
  await recorded.restart()
  const file = new DatabaseSync(join(recorded.folder, '2026-11-24.db'))
  file.exec(`alter table activity add column colour text;
    insert into migration (name, kind, applied_at) values ('day-9998-colour', 'expand', 1)`)
  const after = recorded.record()
  await recorded.activity.recorder.flush()
  const page = await recorded.activity.store.page({ of: acme }, first)
  assert.deepEqual(
    page.map(({ id }) => id),
    [after, before],
  )
  await recorded.restart()
  file.exec("insert into migration (name, kind, applied_at) values ('day-9999-gone', 'contract', 1)")
  file.close()
  await assert.rejects(recorded.activity.store.find(acme, before), /newer release \(day-9999-gone\)/)
  await recorded.close()
})

test('sqlite: kill -9 loses nothing that was written, and it is found by what it is', async () => {
  const folder = makeFolder()
  const server = await startReady(folder.path)
  const answer = await fetch(`${server.url}/oauth/connect/token`, {
    method: 'POST',
    headers: { authorization: basic(folder.demo()) },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'event' }),
  })
  const requestId = String(answer.headers.get('request-id'))
  const began = performance.now()
  const dataDir = folder.path
  const isWritten = () => {
    try {
      const logs = new DatabaseSync(join(dataDir, 'logs.db'), { readOnly: true })
      const { hours } = logs.prepare('select count(*) as hours from activity_hour').get() ?? {}
      logs.close()
      return Number(hours) > 0
    } catch {
      return false
    }
  }
  while (!isWritten() && performance.now() - began < 5000) await pause(20)
  server.child.kill('SIGKILL')
  await server.exited

  const database = await openDatabase({ dataDir, now: Date.now, onError: () => undefined })
  const keep = { activityDays: 30, addressDays: 30 }
  const activity = openActivity({
    ...{ database, now: Date.now, node: 'after', recording: true, keep },
    onDrop: () => undefined,
  })
  const { clientId } = folder.demo()
  const [found] = await activity.store.page({ of: 'deployment', clientId, scope: 'event' }, first)
  assert.equal(found?.id, requestId)
  assert.equal(found?.address, '127.0.0.1')
  const [total] = await activity.store.clientTotals({
    of: 'deployment',
    clientId,
    fromMs: 0,
    toMs: Date.now() + 1,
  })
  assert.equal(total?.granted, 1)
  await activity.recorder.close()
  await database.close()
  folder.remove()
})

const entry: Happening = {
  id: '',
  kind: 'token_request',
  accountId: 'acme',
  environment: 'test',
  clientId: 'client-1',
  secretId: null,
  scopes: 'event',
  requiredScope: null,
  operation: 'POST /oauth/connect/token',
  status: 200,
  error: null,
  reason: null,
  durationMs: 1,
  address: null,
  userAgent: null,
  host: 'api.example',
}

test('what outsiders make up is kept for so many of them a day; then what they made up is left out', () => {
  const newId = createIds(Date.now)
  const queue = createQueue(3)
  const refusals = Array.from({ length: 9 }, (_, index) => ({
    ...entry,
    ...{ id: newId('req'), accountId: null, environment: null, status: 401, error: 'invalid_client' },
    ...{ clientId: `made-up-${index}`, scopes: `scope-${index}`, host: `host-${index}` },
  }))
  const granted = Array.from({ length: 9 }, (_, index) => ({
    ...entry,
    ...{ id: newId('req'), clientId: `client-${index}` },
  }))
  for (const happening of [...refusals, ...granted]) queue.add(happening, Date.now())
  const { facts, days } = queue.prepare(0, 18)
  assert.equal(facts.length, 3 + 1 + 9)
  assert.equal(facts.filter((row) => row.facts.clientId === null && row.facts.scopes === '').length, 1)
  assert.equal(days[0]?.[1].ids.length, 18, 'every one is kept')
})

test('facts that the writing side never heard of are asked for, not guessed', () => {
  const newId = createIds(Date.now)
  const queue = createQueue()
  for (let index = 0; index < 2; index += 1) queue.add({ ...entry, id: newId('req') }, Date.now())
  const [lost, later] = [queue.prepare(0, 1), queue.prepare(1, 2)]
  assert.deepEqual([lost.facts.length, later.facts.length], [1, 0])
  const known = createFactsByNumber()
  assert.throws(() => known.learn(later), FactsUnknown)
  queue.forget()
  known.learn(queue.prepare(1, 2))
})

test('what is counted only defines its facts, and is not kept', () => {
  const newId = createIds(Date.now)
  const queue = createQueue()
  queue.add({ ...entry, id: newId('req'), countedOnly: true }, Date.now())
  queue.add({ ...entry, id: newId('req') }, Date.now())
  const { facts, defined, days, countedOnly } = queue.prepare(0, 2)
  assert.deepEqual([facts.length, defined.length, days.length], [1, 1, 1])
  assert.deepEqual(days[0]?.[1].facts, countedOnly.facts, 'one number for the same facts')
})
