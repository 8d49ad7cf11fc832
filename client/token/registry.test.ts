import assert from 'node:assert/strict'
import { after, beforeEach, test } from 'node:test'
import { createClientOn } from '../create-client.ts'
import { createClient } from '../index.ts'
import { processMap } from '../process-map.ts'
import { tokenPath } from '../testing/fault-proxy.ts'
import { createMachine } from '../testing/machine.ts'
import { createStand, until } from '../testing/stand.ts'
import { processRegistry, type Registry, tokenLifeOf } from './registry.ts'

const stand = await createStand()
const { proxy } = stand
beforeEach(() => proxy.reset())
after(() => stand.close())

test('1,000 parallel cold calls, each with a new client, make one token request', async () => {
  const settings = await stand.settings()
  const results = await Promise.all(
    Array.from({ length: 1000 }, async (_, index) => {
      const api = createClient(settings)
      // A hundred of them call the API too.
      return index % 10 === 0 ? (await api.fetch('/signature/documents')).status : api.token()
    }),
  )
  assert.equal(new Set(results).size, 2)
  assert.deepEqual([results[0], results.length], [200, 1000])
  assert.deepEqual([proxy.tokenRequests(), proxy.apiCalls()], [1, 100])
})

test('two copies of the package share one registry', async () => {
  const copy: typeof import('../process-map.ts') = await import(`../process-map.ts?copy=${Date.now()}`)
  assert.notEqual(copy.processMap, processMap)
  assert.equal(copy.processMap('tokens 2'), processRegistry())
})

test('what has no living token is forgotten when another key comes', async () => {
  const machine = createMachine()
  const registry: Registry = new Map()
  const life = tokenLifeOf(registry, 'a', machine)
  const requestedAt = { wallMs: machine.now(), monotonicMs: machine.monotonicNow() }
  await life.get(async () => ({ value: 'token', lifetimeMs: 60_000, requestedAt }), undefined)
  tokenLifeOf(registry, 'b', machine)
  assert.equal(tokenLifeOf(registry, 'a', machine), life)
  machine.advance(60_000)
  tokenLifeOf(registry, 'c', machine)
  assert.equal(registry.size, 1)
})

test('the order of scopes and repeats of them do not matter', async () => {
  const { settings, machine } = await stand.client()
  const tokens = await Promise.all(
    [
      ['identify', 'document_read'],
      ['document_read', 'identify', 'identify'],
    ].map((scopes) => createClientOn(machine, { ...settings, scopes }).token()),
  )
  assert.equal(new Set(tokens).size, 1)
  assert.equal(proxy.tokenRequests(), 1)
})

test('other scopes, another client and another secret have tokens of their own', async () => {
  const { settings, machine, api } = await stand.client()
  await api.token()
  const others = [{ scopes: ['identify'] }, await stand.settings()]
  for (const other of others) await createClientOn(machine, { ...settings, ...other }).token()
  assert.equal(proxy.tokenRequests(), 3)
  await assert.rejects(createClientOn(machine, { ...settings, clientSecret: 'another' }).token(), {
    error: 'invalid_client',
  })
})

test('a token for one resource is no token for all', async () => {
  const { settings, machine, api } = await stand.client()
  const audience = `${stand.world.url}/test`
  const audienceOf = (token: string) =>
    JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()).aud
  const forOne = createClientOn(machine, { ...settings, resource: audience })
  const [all, one] = [await api.token(), await forOne.token()]
  assert.notEqual(all, one)
  assert.deepEqual(audienceOf(one), [audience].flat()[0])
  assert.match(proxy.seen.at(-1)?.body ?? '', /&resource=http/)
  const unknown = createClientOn(machine, { ...settings, resource: 'https://elsewhere.example' })
  await assert.rejects(unknown.token(), { error: 'invalid_target' })
})

test('a client that does not share has a token of its own', async () => {
  const { settings, machine, api } = await stand.client()
  await api.token()
  const alone = createClientOn(machine, { ...settings, shareTokens: false })
  assert.equal(await alone.token(), await alone.token())
  assert.equal(proxy.tokenRequests(), 2)
})

test('an abort ends its own wait at once and cancels nobody else', async () => {
  const { settings, machine, api } = await stand.client()
  const gate = Promise.withResolvers<void>()
  proxy.fault = ({ path }) => (path === tokenPath ? { after: gate.promise } : undefined)
  const impatient = new AbortController()
  const patient = api.token()
  const waits = [api.token(impatient), api.fetch('/signature/documents', impatient)]
  const request = new Request(`${proxy.url}/signature/documents`, { signal: impatient.signal })
  waits.push(createClientOn(machine, settings).fetch(request))
  await new Promise((resolve) => setTimeout(resolve, 30))
  const reason = new Error('too slow')
  impatient.abort(reason)
  // Before the event loop takes its next turn, which no busy machine can blur.
  const nextTurn = new Promise((resolve) => setImmediate(resolve, 'too late'))
  const outcomes = await Promise.race([Promise.allSettled(waits), nextTurn])
  assert.deepEqual(
    outcomes,
    waits.map(() => ({ status: 'rejected', reason })),
  )
  gate.resolve()
  assert.match(await patient, /^eyJ/)
  assert.deepEqual([proxy.tokenRequests(), proxy.apiCalls(), proxy.abandoned()], [1, 0, 0])
})

test('the token request is cancelled when nobody waits, and the next caller starts another', async () => {
  const { api } = await stand.client()
  const gate = Promise.withResolvers<void>()
  proxy.fault = () => ({ after: gate.promise })
  const controller = new AbortController()
  const { signal } = controller
  const waits = [api.token({ signal }), api.token({ signal })]
  await until(() => proxy.tokenRequests() === 1)
  controller.abort()
  for (const wait of waits) await assert.rejects(wait, { name: 'AbortError' })
  proxy.fault = () => undefined
  assert.match(await api.token(), /^eyJ/)
  await until(() => proxy.abandoned() === 1)
  assert.equal(proxy.tokenRequests(), 2)
  gate.resolve()
})

test('nobody joins a cancelled request, however slowly it ends', async () => {
  const { settings, machine } = await stand.client()
  let sent = 0
  const api = createClientOn(machine, {
    ...settings,
    // The first request never ends: this fetch does not listen to the abort.
    fetch: (input, init) => {
      sent += 1
      return sent === 1 ? new Promise(() => undefined) : fetch(input, init)
    },
  })
  const controller = new AbortController()
  const wait = api.token(controller)
  await until(() => sent === 1)
  controller.abort()
  await assert.rejects(wait, { name: 'AbortError' })
  assert.match(await api.token(), /^eyJ/)
})

test('an aborted signal never begins a request', async () => {
  const { api } = await stand.client()
  await assert.rejects(api.token({ signal: AbortSignal.abort() }), { name: 'AbortError' })
  await assert.rejects(api.fetch('/signature/documents', { signal: AbortSignal.abort() }), {
    name: 'AbortError',
  })
  assert.equal(proxy.seen.length, 0)
})
