import assert from 'node:assert/strict'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { sql } from 'kysely'
import { type RecordedActivity, recordActivity } from '../testing/activity.ts'
import { dialectsOfRun } from '../testing/database.ts'
import { createWorld } from '../testing/world.ts'

const acme = { accountId: 'acme', environment: 'test' } as const
const dayMs = 24 * 3_600_000

/** The days that are stored, by file or by partition. */
async function storedDays(
  recorded: Pick<RecordedActivity, 'database' | 'folder'>,
  what: 'entries' | 'callers',
): Promise<string[]> {
  const { log } = recorded.database
  if ('file' in log) {
    const form = what === 'entries' ? /^([\d-]{10})\.db$/ : /^([\d-]{10})-callers\.db$/
    return readdirSync(recorded.folder)
      .flatMap((name) => form.exec(name)?.[1] ?? [])
      .sort()
  }
  const form = what === 'entries' ? '^activity_[0-9]' : '^activity_caller_[0-9]'
  const { rows } = await sql<{ name: string }>`
    select relname as name from pg_class where relkind = 'r' and relname ~ ${form} order by 1`.execute(log.db)
  return rows.map(({ name }) => name.slice(-10).replaceAll('_', '-'))
}

for (const dialect of dialectsOfRun) {
  test(`${dialect}: old days go whole, addresses before entries, counters stay; twice is harmless`, async () => {
    const recorded = await recordActivity(dialect, { activityDays: 3, addressDays: 1 })
    const { clock, record } = recorded
    const start = clock.now()
    const ids: string[] = []
    for (let day = 0; day < 6; day += 1) {
      clock.set(start + day * dayMs)
      ids.push(record({ scopes: day === 0 ? 'scope_0 once' : `scope_${day}` }))
      await recorded.activity.recorder.flush()
    }
    await recorded.activity.retain()
    await recorded.activity.retain()
    const upToToday = (days: string[]) => days.filter((day) => day <= '2026-11-29')
    assert.deepEqual(upToToday(await storedDays(recorded, 'entries')), [
      '2026-11-26',
      '2026-11-27',
      '2026-11-28',
      '2026-11-29',
    ])
    assert.deepEqual(upToToday(await storedDays(recorded, 'callers')), ['2026-11-28', '2026-11-29'])
    const { store } = recorded.activity
    const page = await store.page({ of: acme }, { limit: 10, belowId: undefined })
    assert.deepEqual(
      page.map(({ id, address, userAgent }) => [id, address, userAgent]),
      [
        [ids[5], '192.0.2.1', 'agent/1.0'],
        [ids[4], '192.0.2.1', 'agent/1.0'],
        [ids[3], null, null],
        [ids[2], null, null],
      ],
    )
    assert.equal(await store.find(acme, ids[0] ?? ''), undefined)
    assert.equal((await store.hours({ of: acme, fromMs: start, toMs: clock.now() + 1 })).length, 6)

    clock.set(start + 401 * dayMs)
    const last = record({ scopes: 'scope_0' })
    await recorded.activity.recorder.flush()
    await recorded.activity.retain()
    assert.deepEqual(
      (await store.page({ of: acme }, { limit: 10, belowId: undefined })).map(({ id }) => id),
      [last],
      'facts that were forgotten are known again',
    )
    const hours = await store.hours({ of: acme, fromMs: 0, toMs: clock.now() + 1 })
    assert.deepEqual(
      hours.map(({ hour }) => hour),
      [1, 2, 3, 4, 5, 401].map((day) => start + day * dayMs),
    )
    assert.deepEqual(
      (await store.scopeUse(acme)).map(({ scope }) => scope),
      ['scope_0', 'scope_1', 'scope_2', 'scope_3', 'scope_4', 'scope_5'],
    )
    await recorded.close()
  })

  test(`${dialect}: what became old while the server was stopped goes at its start`, async () => {
    const recorded = await recordActivity(dialect, { activityDays: 3, addressDays: 3 })
    const id = recorded.record()
    await recorded.restart()
    await recorded.activity.retain()
    assert.equal((await recorded.activity.store.find(acme, id))?.id, id)
    recorded.clock.advance(5 * dayMs)
    await recorded.restart()
    await recorded.activity.retain()
    const stored = await storedDays(recorded, 'entries')
    assert.ok(!stored.includes('2026-11-24'), stored.join(' '))
    assert.equal(await recorded.activity.store.find(acme, id), undefined)
    await recorded.close()
  })

  test(`${dialect}: a restart keeps everything, also what was recorded right before`, async () => {
    const recorded = await recordActivity(dialect)
    const before = recorded.record()
    await recorded.restart()
    const after = recorded.record()
    await recorded.activity.recorder.flush()
    const { store } = recorded.activity
    const page = await store.page({ of: acme }, { limit: 10, belowId: undefined })
    assert.deepEqual(
      page.map(({ id, address }) => [id, address]),
      [
        [after, '192.0.2.1'],
        [before, '192.0.2.1'],
      ],
    )
    const [hour] = await store.hours({
      of: acme,
      fromMs: recorded.clock.now() - 1,
      toMs: recorded.clock.now() + 1,
    })
    assert.equal(hour?.granted, 2)
    await recorded.close()
  })

  test(`${dialect}: what callers write is bounded and holds nothing unseen`, async () => {
    const recorded = await recordActivity(dialect)
    const [bell, override, half] = [0x07, 0x202e, 0xd800].map((code) => String.fromCharCode(code))
    const id = recorded.record({
      userAgent: `<script>\u0000a\r\nb${bell}\u001b[31m${override}é${'x'.repeat(20_000)}`,
      host: `evil\u0000.example${'y'.repeat(5000)}`,
      scopes: `event\n${half} '; drop table activity; --${'z'.repeat(20_000)}`,
      clientId: `made\tup${'w'.repeat(3000)}`,
      reason: `because\u2028of${'v'.repeat(9000)}`,
      status: 401,
      error: 'invalid_client',
    })
    const another = recorded.record({ userAgent: '', address: null })
    await recorded.activity.recorder.flush()
    const found = await recorded.activity.store.find(acme, id)
    assert.match(found?.userAgent ?? '', /^<script>ab\[31méx{2,300}$/)
    assert.match(found?.host ?? '', /^evil\.exampley{2,255}$/)
    assert.match(found?.scopes ?? '', /^event '; drop table activity; --z{2,1000}$/)
    assert.match(found?.clientId ?? '', /^madeupw{2,200}$/)
    assert.match(found?.reason ?? '', /^becauseofv{2,500}$/)
    assert.equal((await recorded.activity.store.find(acme, another))?.userAgent, '')
    assert.equal(recorded.activity.recorder.dropped(), 0)
    await recorded.close()
  })
}

for (const dialect of dialectsOfRun)
  test(`${dialect}: the periodic work of the node that has the lease lets old activity go, and makes room ahead`, async () => {
    const settings = { LATCHKEY_ACTIVITY_DAYS: '2', LATCHKEY_ADDRESS_DAYS: '1' }
    const world = await createWorld({ dialect, settings })
    await world.token(['event'])
    await world.app.recorder.flush()
    const recorded = { database: world.database, folder: join(world.dataDir, 'activity') }
    const days = async () => [await storedDays(recorded, 'entries'), await storedDays(recorded, 'callers')]
    world.clock.advance(2 * dayMs)
    await world.app.background.run()
    const ahead = dialect === 'postgres' ? ['2026-11-26', '2026-11-27', '2026-11-28', '2026-11-29'] : []
    assert.deepEqual(await days(), [['2026-11-24', ...ahead], ahead])
    world.clock.advance(dayMs)
    await world.app.background.run()
    const next = dialect === 'postgres' ? [...ahead, '2026-11-30'] : []
    assert.deepEqual(await days(), [next, next])
    await world.close()
  })

test('sqlite: the folder of the days is for its owner alone', async () => {
  const recorded = await recordActivity('sqlite')
  recorded.record()
  await recorded.activity.recorder.flush()
  assert.equal(statSync(recorded.folder).mode & 0o777, 0o700)
  await recorded.close()
})
