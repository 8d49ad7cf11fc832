// What the SDK counts: for hooks, for OpenTelemetry, and for the reuse ratio.
import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import fc from 'fast-check'
import { judgeReuse as judgeInDashboard } from '../../server/activity/reuse.ts'
import { observeWith } from '../adapters/opentelemetry.ts'
import { createClientOn } from '../create-client.ts'
import { tokenPath } from '../testing/fault-proxy.ts'
import { createStand, replaced } from '../testing/stand.ts'
import type { Measurement } from './measurement.ts'
import { judgeReuse } from './reuse.ts'

const stand = await createStand()
const { proxy } = stand
beforeEach(() => proxy.reset())
after(() => stand.close())

async function observed() {
  const seen: Measurement[] = []
  const made = await stand.client({}, { observe: (measurement) => seen.push(measurement) })
  const count = (name: Measurement['name']) => seen.filter((measurement) => measurement.name === name).length
  return { ...made, seen, count }
}

test('a cold start of ten: one request, nine that waited for it, ten that got the token', async () => {
  const { api, count } = await observed()
  await Promise.all(Array.from({ length: 10 }, () => api.token()))
  const names = ['token.requested', 'token.coalesced', 'token.wait_ms', 'token.used', 'token.failed'] as const
  assert.deepEqual(names.map(count), [1, 9, 10, 10, 0])
})

test('a token at hand: no wait, and its age', async () => {
  const { api, machine, seen } = await observed()
  await api.token()
  machine.advance(600_000)
  seen.length = 0
  await api.token()
  assert.deepEqual(seen, [
    { name: 'token.used', value: 1 },
    { name: 'token.age_s', value: 600 },
  ])
})

test('each try is a request; what failed in the end says why', async () => {
  const { api, count, seen } = await observed()
  proxy.fault = () => ({ answer: { status: 503 } })
  await assert.rejects(api.token())
  assert.deepEqual([count('token.requested'), count('token.used')], [5, 0])
  assert.deepEqual(seen.at(-1), { name: 'token.failed', value: 1, error: 'http_503' })
  proxy.fault = () => 'cut the connection'
  await assert.rejects(api.token())
  assert.deepEqual(seen.at(-1), { name: 'token.failed', value: 1, error: 'unreachable' })
  const body = JSON.stringify({ error: 'invalid_scope' })
  proxy.fault = () => ({ answer: { status: 400, body } })
  await assert.rejects(api.token())
  assert.deepEqual(seen.at(-1), { name: 'token.failed', value: 1, error: 'invalid_scope' })
  assert.equal(api.token.stats().failed, 3)
})

test('a wait that was given up is no failure', async () => {
  const { api, count } = await observed()
  proxy.fault = () => ({ after: new Promise(() => undefined) })
  await assert.rejects(api.token({ signal: AbortSignal.timeout(30) }))
  assert.equal(count('token.failed'), 0)
})

test('a call that was sent again is counted', async () => {
  const { api, count } = await observed()
  proxy.fault = ({ path }) =>
    path !== tokenPath && proxy.apiCalls() === 1 ? { answer: { status: 401 } } : undefined
  await api.fetch('/signature/documents')
  assert.deepEqual([count('api.retry_401'), api.token.stats().retriesAfter401], [1, 1])
})

test('an observer that throws disturbs nobody', async () => {
  const observe = () => {
    throw new Error('The collector is away.')
  }
  const { api } = await stand.client({}, { observe })
  assert.match(await api.token(), /^eyJ/)
})

test('OpenTelemetry has every counter, by the same names', async () => {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 })
  const provider = new MeterProvider({ readers: [reader] })
  const { api } = await stand.client({}, { observe: observeWith(provider.getMeter('@latchkey/client')) })
  await Promise.all([api.token(), api.token()])
  proxy.fault = ({ path }) => ({
    answer: { status: path === tokenPath ? 400 : 401, body: '{"error":"invalid_scope"}' },
  })
  await assert.rejects(api.fetch('/signature/documents'))
  await reader.forceFlush()
  const metrics = exporter
    .getMetrics()
    .flatMap(({ scopeMetrics }) => scopeMetrics)
    .flatMap((scope) => scope.metrics)
  const points = Object.fromEntries(
    metrics.map(({ descriptor, dataPoints }) => [
      descriptor.name,
      dataPoints.map(({ value, attributes }) => [
        typeof value === 'number' ? value : value.count,
        attributes,
      ]),
    ]),
  )
  assert.deepEqual(points, {
    'token.requested': [[2, {}]],
    'token.coalesced': [[1, {}]],
    'token.used': [[3, {}]],
    'token.failed': [[1, { error: 'invalid_scope' }]],
    'token.wait_ms': [[2, {}]],
    'token.age_s': [[3, {}]],
    'api.retry_401': [[1, {}]],
  })
  await provider.shutdown()
})

test('the reuse ratio: 1,000 calls with one token are healthy, a token each is not', async () => {
  const { api, machine, settings } = await stand.client({ tokenLifetimeSeconds: 3600 })
  for (let call = 0; call < 1000; call += 1) await api.token()
  const stats = api.token.stats()
  assert.deepEqual(
    [
      stats.tokenRequests,
      stats.apiCalls,
      stats.healthyPercent,
      stats.verdict,
      stats.tokenRequestsPer100Calls,
    ],
    [1, 1000, 100, 'healthy', 0],
  )
  // As code does that makes no use of the SDK's memory.
  const { clientSecret } = await stand.settings()
  assert.notEqual(clientSecret, settings.clientSecret)
  const careless = await stand.settings()
  let last = api
  for (let call = 0; call < 30; call += 1) {
    last = createClientOn(machine, { ...careless, scopes: [call % 2 ? 'identify' : 'document_read'] })
    const token = await last.token()
    proxy.fault = ({ path }) => (path === tokenPath ? undefined : { answer: { status: 401 } })
    await last.fetch('/notification/events')
    machine.advance(31_000)
    assert.ok(token)
    proxy.reset()
  }
  const { tokenRequests, apiCalls, healthyPercent } = last.token.stats()
  assert.equal(apiCalls, 30)
  assert.ok(tokenRequests >= 30 && healthyPercent !== null && healthyPercent < 50)
})

test('clients of one process with the same API client have the same figures', async () => {
  const { api, settings, machine } = await stand.client()
  await api.token()
  assert.deepEqual(createClientOn(machine, settings).token.stats(), api.token.stats())
  assert.equal(createClientOn(machine, { ...settings, shareTokens: false }).token.stats().tokensUsed, 0)
})

test('hours are those of the clock in which there were calls', async () => {
  const { api, machine } = await stand.client({ tokenLifetimeSeconds: 3600 })
  const first = await api.token()
  machine.advance(3 * 3_600_000)
  await replaced(api, first)
  assert.equal(api.token.stats().activeHours, 2)
})

test('the dashboard judges the same', () => {
  const count = fc.integer({ min: 0, max: 5000 })
  fc.assert(
    fc.property(
      count,
      count,
      fc.integer({ min: 1, max: 168 }),
      fc.integer({ min: 60, max: 86_400 }),
      (tokenRequests, apiCalls, activeHours, tokenLifetimeSeconds) => {
        const facts = { tokenRequests, apiCalls, activeHours, tokenLifetimeSeconds }
        const { verdict, tokenRequestsPer100Calls, healthyPercent } = judgeInDashboard({
          ...facts,
          callsElsewhere: false,
        })
        assert.deepEqual(judgeReuse(facts), { verdict, tokenRequestsPer100Calls, healthyPercent })
      },
    ),
    { numRuns: 2000 },
  )
})
