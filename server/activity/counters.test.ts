import assert from 'node:assert/strict'
import { test } from 'node:test'
import { apiCall, recordActivity } from '../testing/activity.ts'
import { dialectsOfRun } from '../testing/database.ts'

const acme = { accountId: 'acme', environment: 'test' } as const
const hourMs = 3_600_000
const refused = { status: 401, error: 'invalid_client' }

for (const dialect of dialectsOfRun) {
  test(`${dialect}: hours and clients are counted, granted and refused, each account by itself`, async () => {
    const recorded = await recordActivity(dialect)
    const { clock, record } = recorded
    const start = clock.now()
    for (let index = 0; index < 3; index += 1) record()
    record(refused)
    record({ clientId: 'client-2', secretId: 'sec_2' })
    clock.advance(hourMs)
    for (let index = 0; index < 5; index += 1) record(apiCall)
    record({ accountId: 'other' })
    record({ accountId: null, environment: null, clientId: 'made-up', ...refused })
    // In two batches: what is counted is added up.
    await recorded.activity.recorder.flush()
    record(apiCall)
    await recorded.activity.recorder.flush()

    const { store } = recorded.activity
    const time = { fromMs: start, toMs: start + 2 * hourMs }
    assert.deepEqual(await store.hours({ of: acme, ...time }), [
      { hour: start, kind: 'token_request', granted: 4, refused: 1 },
      { hour: start + hourMs, kind: 'api_call', granted: 6, refused: 0 },
    ])
    assert.deepEqual(await store.hours({ of: acme, clientId: 'client-2', ...time }), [
      { hour: start, kind: 'token_request', granted: 1, refused: 0 },
    ])
    assert.deepEqual(
      await store.hours({ of: 'deployment', fromMs: start + hourMs, toMs: start + 2 * hourMs }),
      [
        { hour: start + hourMs, kind: 'api_call', granted: 6, refused: 0 },
        { hour: start + hourMs, kind: 'token_request', granted: 1, refused: 1 },
      ],
    )
    assert.deepEqual(await store.hours({ of: { accountId: 'acme', environment: 'production' }, ...time }), [])
    assert.deepEqual(await store.clientTotals({ of: acme, ...time }), [
      { clientId: 'client-1', kind: 'api_call', granted: 6, refused: 0 },
      { clientId: 'client-1', kind: 'token_request', granted: 3, refused: 1 },
      { clientId: 'client-2', kind: 'token_request', granted: 1, refused: 0 },
    ])
    const [total] = await store.clientTotals({ of: 'deployment', clientId: 'client-2', ...time })
    assert.deepEqual(total, { clientId: 'client-2', kind: 'token_request', granted: 1, refused: 0 })
    await recorded.close()
  })

  test(`${dialect}: a scope is used by who is granted it and by calls that require it, never by refusals`, async () => {
    const recorded = await recordActivity(dialect)
    const { clock, record } = recorded
    const start = clock.now()
    record({ scopes: 'event document_read' })
    record({ scopes: 'never', ...refused })
    record({ ...apiCall, status: 403, error: 'insufficient_scope', requiredScope: 'document_write' })
    clock.advance(1000)
    record({ ...apiCall, requiredScope: 'event' })
    // Its handler refused it, after the guard had let it pass.
    record({ ...apiCall, requiredScope: 'identify', status: 404, error: 'not_found' })
    clock.advance(1000)
    record({ scopes: 'event' })
    record({ clientId: 'client-2', scopes: 'other' })
    await recorded.activity.recorder.flush()
    const { store } = recorded.activity
    assert.deepEqual(await store.scopeUse(acme, 'client-1'), [
      { clientId: 'client-1', scope: 'document_read', requestedAt: start, calledAt: null },
      { clientId: 'client-1', scope: 'event', requestedAt: start + 2000, calledAt: start + 1000 },
      { clientId: 'client-1', scope: 'identify', requestedAt: null, calledAt: start + 1000 },
    ])
    assert.equal((await store.scopeUse(acme)).length, 4)
    assert.deepEqual(await store.scopeUse({ accountId: 'other', environment: 'test' }), [])
    await recorded.close()
  })

  test(`${dialect}: hosts are counted by client, since a day; a request that is not proven does not count`, async () => {
    const recorded = await recordActivity(dialect)
    const { clock, record } = recorded
    record({ host: 'old.example' })
    clock.advance(24 * hourMs)
    const since = clock.now()
    record({ host: 'old.example' })
    record({ ...apiCall, host: 'old.example' })
    record({ host: 'made-up.example', ...refused })
    record({ clientId: 'client-2' })
    await recorded.activity.recorder.flush()
    const { store } = recorded.activity
    assert.deepEqual(await store.hostUse(acme, since), [
      { clientId: 'client-1', host: 'old.example', count: 2, lastAt: since },
      { clientId: 'client-2', host: 'api.example', count: 1, lastAt: since },
    ])
    const [all] = await store.hostUse('deployment', since - 24 * hourMs)
    assert.deepEqual(all, { clientId: 'client-1', host: 'old.example', count: 3, lastAt: since })
    await recorded.close()
  })

  test(`${dialect}: the use of a secret is counted for an hour and a day`, async () => {
    const recorded = await recordActivity(dialect)
    const { clock, record } = recorded
    record({ secretId: 'sec_before' })
    clock.advance(10 * hourMs)
    record({ secretId: 'sec_1' })
    clock.advance(15 * hourMs)
    record({ secretId: 'sec_1' })
    record({ secretId: 'sec_1', status: 400, error: 'invalid_scope' })
    record({ secretId: 'sec_2' })
    record(apiCall)
    await recorded.activity.recorder.flush()
    const uses = await recorded.activity.store.secretUse(acme, 'client-1')
    assert.deepEqual(
      uses.toSorted((a, b) => (a.secretId < b.secretId ? -1 : 1)),
      [
        { secretId: 'sec_1', lastHour: 2, lastDay: 3 },
        { secretId: 'sec_2', lastHour: 1, lastDay: 1 },
      ],
    )
    await recorded.close()
  })
}
