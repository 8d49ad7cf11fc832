import assert from 'node:assert/strict'
import { test } from 'node:test'
import { apiCall, recordActivity } from '../testing/activity.ts'
import { dialectsOfRun } from '../testing/database.ts'
import { createIds } from '../vocabulary/clock.ts'
import type { ActivityFilter } from './activity-store.ts'
import type { Happening } from './entry.ts'

const acme = { accountId: 'acme', environment: 'test' } as const
const dayMs = 24 * 3_600_000

const refusedSecret: Partial<Happening> = {
  status: 401,
  error: 'invalid_client',
  reason: 'secret 2 of 2, expired on 2026-11-01',
  secretId: null,
}

for (const dialect of dialectsOfRun) {
  test(`${dialect}: an entry is found by its id with all that was recorded, by its own account alone`, async () => {
    const recorded = await recordActivity(dialect)
    const facts = { ...apiCall, ...refusedSecret, durationMs: 12.34 }
    const id = recorded.record(facts)
    const nobodys = recorded.record({ accountId: null, environment: null, clientId: null })
    await recorded.activity.recorder.flush()
    const { store } = recorded.activity
    assert.deepEqual(await store.find(acme, id), {
      id,
      at: recorded.clock.now(),
      kind: 'api_call',
      accountId: 'acme',
      environment: 'test',
      clientId: 'client-1',
      secretId: null,
      scopes: 'document_read event',
      requiredScope: 'document_read',
      operation: 'GET /signature/documents',
      status: 401,
      error: 'invalid_client',
      reason: 'secret 2 of 2, expired on 2026-11-01',
      durationMs: 12.3,
      address: '192.0.2.1',
      userAgent: 'agent/1.0',
      host: 'api.example',
      node: 'node-1',
    })
    assert.equal((await store.find('deployment', nobodys))?.accountId, null)
    for (const [of, wanted] of [
      [{ accountId: 'other', environment: 'test' }, id],
      [{ accountId: 'acme', environment: 'production' }, id],
      [acme, nobodys],
      [acme, 'req_019ab000-0000-7000-8000-000000000000'],
      ['deployment', 'req_no-id'],
      ['deployment', ''],
    ] as const)
      assert.equal(await store.find(of, wanted), undefined, wanted)
    await recorded.close()
  })

  test(`${dialect}: a page has what its filter says and nothing else, and pairs of filters both`, async () => {
    const recorded = await recordActivity(dialect)
    const kinds: [name: string, facts: Partial<Happening>][] = [
      ['token', {}],
      ['call', apiCall],
      ['refused', refusedSecret],
      ['denied', { ...apiCall, status: 403, error: 'insufficient_scope', requiredScope: 'document_write' }],
      ['failed', { ...apiCall, status: 503, error: 'temporarily_unavailable' }],
      ['second', { clientId: 'client-2', secretId: 'sec_2', host: 'old.example', scopes: 'event' }],
      ['production', { environment: 'production' }],
      ['other', { accountId: 'other', clientId: 'client-9' }],
      [
        'nobody',
        { accountId: null, environment: null, clientId: 'made-up', status: 401, error: 'invalid_client' },
      ],
    ]
    const names = new Map<string, string>()
    for (let round = 0; round < 3; round += 1)
      for (const [name, facts] of kinds) {
        recorded.clock.advance(7 * 3_600_000)
        names.set(recorded.record(facts), name)
      }
    await recorded.activity.recorder.flush()
    const times = [...names.keys()].map((id) => Number.parseInt(id.slice(4, 12) + id.slice(13, 17), 16))
    const [first = 0, second = 0, third = 0] = times

    const own = ['second', 'failed', 'denied', 'refused', 'call', 'token']
    for (const [name, filter, expected] of [
      ['nothing', {}, [...own, ...own, ...own]],
      ['kind', { kind: 'api_call' }, repeat(['failed', 'denied', 'call'])],
      ['client', { clientId: 'client-2' }, repeat(['second'])],
      ['status', { status: 403 }, repeat(['denied'])],
      ['status class', { statusClass: 4 }, repeat(['denied', 'refused'])],
      ['operation', { operation: 'GET /signature/documents' }, repeat(['failed', 'denied', 'call'])],
      [
        'a granted scope',
        { scope: 'document_read' },
        repeat(['failed', 'denied', 'refused', 'call', 'token']),
      ],
      ['a required scope', { scope: 'document_write' }, repeat(['denied'])],
      ['a part of a scope', { scope: 'document' }, []],
      ['a scope in other letters', { scope: 'Event' }, []],
      ['error', { error: 'invalid_client' }, repeat(['refused'])],
      ['secret', { secretId: 'sec_2' }, repeat(['second'])],
      ['host', { host: 'old.example' }, repeat(['second'])],
      ['from', { fromMs: times[times.length - 5] }, ['second', 'failed']],
      ['to', { toMs: third }, ['call', 'token']],
      ['between', { fromMs: second, toMs: third }, ['call']],
      ['no time', { fromMs: second, toMs: first }, []],
      ['kind and status class', { kind: 'token_request', statusClass: 4 }, repeat(['refused'])],
      ['client and host', { clientId: 'client-1', host: 'old.example' }, []],
      ['a client of another account', { clientId: 'client-9' }, []],
      ['a value with SQL in it', { operation: "' or '1'='1" }, []],
      [
        'everybody and an error',
        { of: 'deployment', error: 'invalid_client' },
        repeat(['nobody', 'refused']),
      ],
      ['everybody', { of: 'deployment' }, repeat(kinds.map(([kind]) => kind).reverse())],
    ] satisfies [string, Partial<ActivityFilter>, string[]][]) {
      const page = await recorded.activity.store.page(
        { of: acme, ...filter },
        { limit: 99, belowId: undefined },
      )
      assert.deepEqual(
        page.map(({ id }) => names.get(id)),
        expected,
        name,
      )
    }
    await recorded.close()
  })

  test(`${dialect}: pages follow each other over the ends of days, each entry once, newest first`, async () => {
    const recorded = await recordActivity(dialect)
    const ids: string[] = []
    for (let index = 0; index < 60; index += 1) {
      ids.push(recorded.record(index % 3 === 0 ? apiCall : { scopes: `scope_${index}` }))
      recorded.clock.advance(index % 20 === 0 ? 18 * 3_600_000 : 5 * 3_600_000)
    }
    await recorded.activity.recorder.flush()
    for (const filter of [{ of: acme }, { of: 'deployment' }, { of: acme, kind: 'api_call' }] as const)
      for (const limit of [1, 7, 20]) {
        const seen: string[] = []
        let belowId: string | undefined
        do {
          const page = await recorded.activity.store.page(filter, { limit, belowId })
          assert.ok(page.length <= limit + 1)
          seen.push(...page.slice(0, limit).map(({ id }) => id))
          belowId = page.length > limit ? page[limit - 1]?.id : undefined
        } while (belowId !== undefined)
        const expected = 'kind' in filter ? ids.filter((_, index) => index % 3 === 0) : ids
        assert.deepEqual(seen, expected.toReversed(), `${JSON.stringify(filter)} by ${limit}`)
      }
    const page = await recorded.activity.store.page(
      { of: acme },
      { limit: 5, belowId: 'doc_of another kind' },
    )
    assert.deepEqual(page, [])
    await recorded.close()
  })

  test(`${dialect}: a request that ended on the next day, after others, is where it began`, async () => {
    const recorded = await recordActivity(dialect)
    const midnight = recorded.clock.now() + dayMs / 2
    recorded.clock.set(midnight - 10)
    const newId = createIds(recorded.clock.now)
    const [first, late] = [newId('req'), newId('req')]
    recorded.clock.set(midnight + 10)
    const next = recorded.record()
    await recorded.activity.recorder.flush()
    recorded.record({ id: late })
    recorded.record({ id: first })
    await recorded.activity.recorder.flush()
    const { store } = recorded.activity
    for (const filter of [{}, { kind: 'token_request', toMs: midnight + 20 }] as const) {
      const page = await store.page({ of: acme, ...filter }, { limit: 9, belowId: undefined })
      assert.deepEqual(
        page.map(({ id }) => id),
        [next, late, first],
      )
    }
    assert.equal((await store.find(acme, late))?.at, midnight + 10)
    const hours = await store.hours({ of: acme, fromMs: midnight - 1, toMs: midnight + 1 })
    assert.deepEqual(
      hours.map(({ granted }) => granted),
      [2, 1],
    )
    await recorded.close()
  })

  test(`${dialect}: with a thousand different facts the newest are found, however rare`, async () => {
    const recorded = await recordActivity(dialect)
    const rare = [recorded.record({ scopes: 'rare', clientId: 'client-rare' })]
    const ids: string[] = []
    for (let index = 0; index < 3000; index += 1) {
      ids.push(recorded.record({ clientId: `client-${index % 500}`, secretId: `sec_${index % 1000}` }))
      if (index % 500 === 499) recorded.clock.advance(dayMs / 4)
    }
    rare.unshift(
      recorded.record({ scopes: 'rare', clientId: 'client-rare', status: 400, error: 'invalid_scope' }),
    )
    for (let index = 0; index < 6000; index += 1)
      ids.push(recorded.record({ accountId: 'other', clientId: `other-${index % 400}` }))
    await recorded.activity.recorder.flush()
    const page = async (filter: ActivityFilter) =>
      (await recorded.activity.store.page(filter, { limit: 24, belowId: undefined })).map(({ id }) => id)
    const own = ids.slice(0, 3000)
    assert.deepEqual(await page({ of: acme, scope: 'rare' }), rare)
    assert.deepEqual(await page({ of: 'deployment', scope: 'rare' }), rare)
    assert.deepEqual(await page({ of: 'deployment' }), ids.slice(-25).reverse())
    // Beyond what is looked at first: the newest are all another account's.
    assert.deepEqual(await page({ of: acme, host: 'api.example' }), [rare[0], ...own.slice(-24).reverse()])
    await recorded.close()
  })
}

function repeat(names: readonly string[]): string[] {
  return [...names, ...names, ...names]
}
