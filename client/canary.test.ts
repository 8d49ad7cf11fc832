// The secret and the token go nowhere: everything that the SDK throws or returns is searched for them.
import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, beforeEach, test } from 'node:test'
import { inspect } from 'node:util'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { makeAssertionKey } from '../server/testing/assertions.ts'
import { observeWith } from './adapters/opentelemetry.ts'
import { createClientOn, type Latchkey } from './create-client.ts'
import { createDpopKey } from './keys/dpop-key.ts'
import { privateKeyJwt } from './keys/private-key-jwt.ts'
import type { Measurement } from './observation/measurement.ts'
import { wrapSecret } from './settings/secret.ts'
import { fileStore } from './store/file-store.ts'
import { type Fault, startFaultProxy, tokenPath } from './testing/fault-proxy.ts'
import { createMachine } from './testing/machine.ts'
import { createStand } from './testing/stand.ts'
import { basicCredentials, formEncode } from './text/form-encoding.ts'
import { processRegistry } from './token/registry.ts'

const stand = await createStand()
const { proxy } = stand
beforeEach(() => proxy.reset())
after(() => stand.close())

const canary = 'canary+secret/4711 ü'
const gone = await startFaultProxy(proxy.url)
await gone.close()

function echo(status: number): (seen: { headers: object; body: string }) => Fault {
  return ({ headers, body }) => {
    const text = `${JSON.stringify(headers)} ${body} ${canary}`
    const words = { error: text, error_description: text, error_uri: text, detail: text }
    return { answer: { status, headers: { 'request-id': formEncode(canary) }, body: JSON.stringify(words) } }
  }
}

for (const [name, url, fault, call] of [
  ['the secret is wrong', proxy.url, () => undefined, (api) => api.token()],
  ['the server is gone', gone.url, () => undefined, (api) => api.fetch('/')],
  ['the connection breaks', proxy.url, () => 'cut the connection', (api) => api.token()],
  ['503 for ever', proxy.url, () => ({ answer: { status: 503 } }), (api) => api.token()],
  ['the token endpoint repeats what it got', proxy.url, echo(400), (api) => api.token()],
  ['the token endpoint repeats it with 200', proxy.url, echo(200), (api) => api.token()],
  ['another origin', proxy.url, () => undefined, (api) => api.fetch('https://elsewhere.example')],
  ['the call was aborted', proxy.url, () => undefined, (api) => api.token({ signal: AbortSignal.abort() })],
] satisfies [
  string,
  string,
  (seen: { headers: object; body: string }) => Fault,
  (api: Latchkey) => unknown,
][]) {
  test(`when ${name}, the error does not hold the secret`, async () => {
    const clientId = 'test-canary-1'
    proxy.fault = fault
    const api = createClientOn(createMachine(), { url, clientId, clientSecret: canary, scopes: ['event'] })
    const error = await Promise.resolve(call(api)).catch((reason: unknown) => reason)
    assert.ok(error instanceof Error)
    assertClean(error, [canary, basicCredentials(clientId, canary), formEncode(canary)])
  })
}

for (const [name, path, fault] of [
  ['the connection to the API breaks', '/signature/documents', 'cut the connection'],
  ['a scope is missing', '/identification/sessions', undefined],
  ['the API refuses every token', '/signature/documents', { answer: { status: 401 } }],
] as const) {
  test(`when ${name}, the error holds neither token nor secret`, async () => {
    const { api, settings } = await stand.client({ scopes: ['document_read'] }, { throwOnRefusal: true })
    proxy.fault = (seen) => (seen.path === tokenPath ? undefined : fault)
    const error = await api.fetch(path).catch((reason: unknown) => reason)
    assert.ok(error instanceof Error)
    assertClean(error, [settings.clientSecret, await api.token()])
  })
}

test('client object, wrapped secret and registry show nothing', async () => {
  const { api, settings } = await stand.client()
  const token = await api.token()
  assertClean([api, wrapSecret(settings.clientSecret), processRegistry()], [settings.clientSecret, token])
  assert.equal(
    `${wrapSecret(canary)} ${JSON.stringify({ secret: wrapSecret(canary) })}`,
    '**** {"secret":"****"}',
  )
})

const folder = mkdtempSync(join(tmpdir(), 'latchkey-canary-'))
after(() => rmSync(folder, { recursive: true }))

for (const authentication of ['client_secret_basic', 'client_secret_post', 'a key'] as const) {
  test(`hooks, metrics, log lines, addresses and store files are free of it (${authentication})`, async (context) => {
    const lines = (['log', 'info', 'warn', 'error', 'debug'] as const).map((name) =>
      context.mock.method(console, name, () => undefined),
    )
    const { settings } = await stand.client()
    const key = makeAssertionKey('EdDSA').privateKey.export({ format: 'jwk' })
    const store = fileStore({ folder })
    const measurements: unknown[] = []
    const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
    const provider = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter })] })
    const instruments = observeWith(provider.getMeter('canary'))
    const options = {
      ...settings,
      ...(authentication === 'a key'
        ? { clientSecret: undefined, authentication: privateKeyJwt({ key: { ...key } }) }
        : { authentication }),
      dpop: authentication === 'a key' ? createDpopKey() : undefined,
      observe(measurement: Measurement) {
        measurements.push(measurement)
        instruments(measurement)
      },
    }
    const tokens: string[] = []
    const grant = (number: number) => `canary.${'t'.repeat(20)}.${number}`
    const answers = [
      { status: 503, body: 'unread' },
      {
        status: 200,
        body: JSON.stringify({
          access_token: grant(1),
          token_type: options.dpop ? 'DPoP' : 'Bearer',
          expires_in: 60,
        }),
      },
      { status: 401, body: '{}' },
      {
        status: 200,
        body: JSON.stringify({
          access_token: grant(2),
          token_type: options.dpop ? 'DPoP' : 'Bearer',
          expires_in: 60,
        }),
      },
      { status: 401, body: '{}' },
    ]
    proxy.fault = (seen) => {
      const answer = answers.shift()
      return answer ? { answer } : echo(400)(seen)
    }
    const machine = createMachine()
    const api = createClientOn(machine, { ...options, store, shareTokens: false })
    await api.fetch('/signature/documents')
    tokens.push(grant(1), grant(2))
    machine.advance(60_000)
    const failures: unknown[] = [await api.token().catch((error: unknown) => error)]
    const broken = { ...store, get: () => Promise.reject(new Error(`${settings.clientSecret} ${tokens}`)) }
    const other = createClientOn(machine, { ...options, store: broken, shareTokens: false })
    failures.push(await other.token().catch((error: unknown) => error))
    await provider.forceFlush()
    const printed = lines.flatMap(({ mock }) => mock.calls.map((call) => call.arguments))
    const files = readdirSync(folder).map((name) => `${name} ${readFileSync(join(folder, name), 'latin1')}`)
    const sent = proxy.seen.map(({ path }) => path)
    assert.ok(failures.every((error) => error instanceof Error))
    assert.deepEqual([printed.length, measurements.length > 5], [1, true])
    const everything = [
      failures,
      measurements,
      exporter.getMetrics(),
      printed,
      files,
      sent,
      api,
      api.token.stats(),
    ]
    const secrets = [settings.clientSecret, basicCredentials(settings.clientId, settings.clientSecret)]
    assertClean(everything, [...secrets, ...tokens, String(key.d)])
    await provider.shutdown()
  })
}

/** Searches everything reachable to a depth of 12, and every way of printing it. */
function assertClean(value: unknown, canaries: readonly string[]): void {
  const texts = [inspect(value, { depth: 12, showHidden: true }), String(value), ...reachable(value, 12)]
  for (const text of texts)
    for (const found of canaries)
      assert.ok(
        !text.includes(found) && !text.includes(JSON.stringify(found)),
        `found in: ${text.slice(0, 500)}`,
      )
}

function reachable(value: unknown, depth: number, seen = new Set<unknown>()): string[] {
  if (typeof value !== 'object' || value === null) return [String(value)]
  if (depth === 0 || seen.has(value)) return []
  seen.add(value)
  return [
    JSON.stringify(value) ?? '',
    ...Reflect.ownKeys(value).flatMap((key) => reachable(Reflect.get(value, key), depth - 1, seen)),
  ]
}
