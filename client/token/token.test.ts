import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { type FaultProxy, tokenPath } from '../testing/fault-proxy.ts'
import { createStand, replaced, until } from '../testing/stand.ts'

const stand = await createStand()
const { proxy, world } = stand
beforeEach(() => proxy.reset())
after(() => stand.close())

const minute = 60_000

// The random number of these machines is 0.5: soft renewal at 75 % of the life.
for (const [lifetimeSeconds, softMs, hardMs] of [
  [3600, 45 * minute, 3570_000],
  [60, 45_000, 54_000],
] as const) {
  test(`a token of ${lifetimeSeconds} s is used without renewal until ${softMs / 1000} s`, async () => {
    const { api, machine } = await stand.client({ tokenLifetimeSeconds: lifetimeSeconds })
    const first = await api.token()
    machine.advance(softMs - 1000)
    assert.equal(await api.token(), first)
    assert.equal(proxy.tokenRequests(), 1)
  })

  test(`a token of ${lifetimeSeconds} s is then served while one request renews it`, async () => {
    const { api, machine } = await stand.client({ tokenLifetimeSeconds: lifetimeSeconds })
    const first = await api.token()
    const gate = Promise.withResolvers<void>()
    proxy.fault = () => ({ after: gate.promise })
    machine.advance(softMs)
    const served = await Promise.all(Array.from({ length: 50 }, () => api.token()))
    assert.deepEqual(new Set(served), new Set([first]))
    gate.resolve()
    await replaced(api, first)
    assert.equal(proxy.tokenRequests(), 2)
  })

  test(`a token of ${lifetimeSeconds} s is not used from ${hardMs / 1000} s on: callers wait`, async () => {
    const { api, machine } = await stand.client({ tokenLifetimeSeconds: lifetimeSeconds })
    const first = await api.token()
    machine.advance(hardMs)
    const tokens = await Promise.all(Array.from({ length: 50 }, () => api.token()))
    assert.equal(new Set(tokens).size, 1)
    assert.notEqual(tokens[0], first)
    assert.equal(proxy.tokenRequests(), 2)
  })
}

test('processes spread their renewals over a tenth of the life', async () => {
  for (const [random, stillFresh] of [
    [0, 0.699],
    [0.999, 0.799],
  ] as const) {
    proxy.reset()
    const { api, machine } = await stand.client({ tokenLifetimeSeconds: 3600 })
    machine.random = () => random
    const first = await api.token()
    machine.advance(stillFresh * 3600_000)
    await api.token()
    assert.equal(proxy.tokenRequests(), 1)
    machine.advance(0.002 * 3600_000)
    await api.token()
    await replaced(api, first)
    assert.equal(proxy.tokenRequests(), 2)
  }
})

test('a background renewal that fails is not repeated before the hard limit, and disturbs nobody', async () => {
  const { api, machine } = await stand.client({ tokenLifetimeSeconds: 3600 })
  const first = await api.token()
  proxy.fault = refuseTokens
  machine.advance(50 * minute)
  assert.equal(await api.token(), first)
  await until(() => proxy.tokenRequests() === 2)
  machine.advance(5 * minute)
  assert.equal(await api.token(), first)
  // By the time this is answered, a token request sent before it would have been seen.
  assert.equal((await api.fetch('/signature/documents')).status, 200)
  assert.equal(proxy.tokenRequests(), 2)
  machine.advance(5 * minute)
  await assert.rejects(api.token(), { name: 'TokenRequestError', status: 400 })
  proxy.reset()
  assert.notEqual(await api.token(), first)
})

test('an abort of the caller that found the token ageing does not stop the renewal', async () => {
  const { api, machine } = await stand.client({ tokenLifetimeSeconds: 3600 })
  const first = await api.token()
  const gate = Promise.withResolvers<void>()
  proxy.fault = () => ({ after: gate.promise })
  machine.advance(50 * minute)
  const caller = new AbortController()
  await api.token(caller)
  machine.advance(9.5 * minute)
  const waiting = api.token(caller)
  await until(() => proxy.tokenRequests() === 2)
  caller.abort()
  await assert.rejects(waiting, { name: 'AbortError' })
  gate.resolve()
  assert.notEqual(await api.token(), first)
  assert.deepEqual([proxy.tokenRequests(), proxy.abandoned()], [2, 0])
})

test('the wall clock alone expires a token: a laptop that slept', async () => {
  const { api, machine } = await stand.client({ tokenLifetimeSeconds: 3600 })
  const first = await api.token()
  machine.shiftWall(60 * minute)
  assert.notEqual(await api.token(), first)
})

test('the monotonic clock alone expires a token: a wall clock that was set back', async () => {
  const { api, machine } = await stand.client({ tokenLifetimeSeconds: 3600 })
  const first = await api.token()
  machine.shiftWall(-24 * 60 * minute)
  machine.advance(60 * minute)
  assert.notEqual(await api.token(), first)
})

test('life counts from the start of the token request, not from its answer', async () => {
  const { api, machine } = await stand.client({ tokenLifetimeSeconds: 60 })
  proxy.fault = () => {
    machine.advance(54_000)
    return undefined
  }
  const first = await api.token()
  proxy.reset()
  assert.notEqual(await api.token(), first)
})

test('local time has no say: a token of a server whose clock is hours away is used for its whole life', async () => {
  const { api, machine } = await stand.client({ tokenLifetimeSeconds: 3600 })
  machine.shiftWall(5 * 60 * minute)
  const first = await api.token()
  machine.advance(44 * minute)
  assert.equal(await api.token(), first)
  world.clock.advance(44 * minute)
  assert.equal((await api.fetch('/signature/documents')).status, 200)
})

for (const [name, change] of [
  ['missing', (body: string) => body.replace(/"expires_in":\d+,/, '')],
  ['null', (body: string) => body.replace(/"expires_in":\d+/, '"expires_in":null')],
  ['negative', (body: string) => body.replace(/"expires_in":\d+/, '"expires_in":-1')],
  ['a word', (body: string) => body.replace(/"expires_in":\d+/, '"expires_in":"long"')],
] as const) {
  test(`with expires_in ${name} a token is kept for 60 s`, async () => {
    const { api, machine } = await stand.client({ tokenLifetimeSeconds: 3600 })
    proxy.fault = () => ({ change })
    const first = await api.token()
    machine.advance(44_000)
    assert.equal(await api.token(), first)
    machine.advance(10_000)
    assert.notEqual(await api.token(), first)
  })
}

function refuseTokens({ path }: FaultProxy['seen'][number]) {
  const body = JSON.stringify({ error: 'invalid_request', error_description: 'Not now.' })
  return path === tokenPath ? { answer: { status: 400, body } } : undefined
}
