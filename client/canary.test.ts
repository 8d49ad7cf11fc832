// The secret and the token go nowhere: everything that the SDK throws or returns is searched for them.
import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { inspect } from 'node:util'
import { createClientOn, type Latchkey } from './create-client.ts'
import { wrapSecret } from './settings/secret.ts'
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
