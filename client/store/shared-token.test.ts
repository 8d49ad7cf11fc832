// Processes that share a store; here each is a client with a registry of its own.
import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, beforeEach, test } from 'node:test'
import { createClientOn } from '../create-client.ts'
import type { ClientOptions } from '../settings/options.ts'
import { tokenPath } from '../testing/fault-proxy.ts'
import { createMachine, type Machine } from '../testing/machine.ts'
import { createStand, replaced, until } from '../testing/stand.ts'
import { fileStore } from './file-store.ts'
import { memoryStore } from './memory-store.ts'
import type { TokenStore } from './token-store.ts'

const stand = await createStand()
const { proxy, world } = stand
const base = mkdtempSync(join(tmpdir(), 'latchkey-store-'))
beforeEach(() => proxy.reset())
after(async () => {
  rmSync(base, { recursive: true })
  await stand.close()
})

/** As a process of its own would: nothing is shared but the store. */
function processOn(machine: Machine, settings: ClientOptions) {
  return createClientOn(machine, { ...settings, shareTokens: false })
}

/** Pauses take real time, or nobody else would get on. */
function realPauses(): Machine {
  const machine = createMachine()
  machine.sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms / 10))
  return machine
}

async function setUp(store: TokenStore, more: ClientOptions = {}) {
  const settings = { ...(await stand.settings()), store, ...more }
  return { settings, machine: realPauses() }
}

test('50 that start together make one token request', async () => {
  const { settings, machine } = await setUp(fileStore({ folder: join(base, 'together') }))
  const tokens = await Promise.all(Array.from({ length: 50 }, () => processOn(machine, settings).token()))
  assert.equal(new Set(tokens).size, 1)
  assert.equal(proxy.tokenRequests(), 1)
})

test('the next run takes the token of the last, for as long as it lives by the wall clock', async () => {
  const { settings, machine } = await setUp(memoryStore(() => machine.now()))
  const first = await processOn(machine, settings).token()
  // Another process: its monotonic clock began at another time.
  const later = createMachine()
  later.monotonicNow = () => 17
  later.shiftWall(40 * 60_000)
  assert.equal(await processOn(later, settings).token(), first)
  assert.equal(proxy.tokenRequests(), 1)
  later.shiftWall(20 * 60_000)
  assert.notEqual(await processOn(later, settings).token(), first)
  assert.equal(proxy.tokenRequests(), 2)
})

test('a token from the future is not used: the clock was set back, and its age cannot be known', async () => {
  const { settings, machine } = await setUp(memoryStore())
  const first = await processOn(machine, settings).token()
  machine.shiftWall(-1000)
  assert.notEqual(await processOn(machine, settings).token(), first)
})

test('one renews for all: the others find the new token at their own time', async () => {
  const { settings, machine } = await setUp(memoryStore())
  const clients = Array.from({ length: 10 }, () => processOn(machine, settings))
  const first = await clients[0]?.token()
  for (const client of clients) assert.equal(await client.token(), first)
  machine.advance(46 * 60_000)
  for (const client of clients) await client.token()
  await until(() => proxy.tokenRequests() === 2)
  const settled = await Promise.all(clients.map((client) => replaced(client, first)))
  assert.equal(new Set(settled).size, 1)
  assert.equal(proxy.tokenRequests(), 2)
})

test('a token that an API refused is not taken from the store again', async () => {
  const { settings, machine } = await setUp(memoryStore())
  const api = processOn(machine, settings)
  const first = await api.token()
  // The server's clock alone: nobody here knows that the token is dead.
  world.clock.advance(2 * 3_600_000)
  assert.equal((await api.fetch('/signature/documents')).status, 200)
  assert.equal(proxy.tokenRequests(), 2)
  const other = processOn(machine, settings)
  assert.notEqual(await other.token(), first)
  assert.equal(proxy.tokenRequests(), 2)
})

test('another secret, scope or client has an entry of its own', async () => {
  const folder = join(base, 'entries')
  const { settings, machine } = await setUp(fileStore({ folder }))
  const others: ClientOptions[] = [{}, { scopes: ['identify'] }, await stand.settings()]
  for (const other of others) await processOn(machine, { ...settings, ...other }).token()
  assert.equal(readdirSync(folder).length, 3)
  await assert.rejects(processOn(machine, { ...settings, clientSecret: 'another' }).token())
})

test('what lies in the store holds neither token nor secret, and is of no use when it was changed', async () => {
  const folder = join(base, 'sealed')
  const { settings, machine } = await setUp(fileStore({ folder }))
  const token = await processOn(machine, settings).token()
  const [name = ''] = readdirSync(folder)
  const sealed = readFileSync(join(folder, name), 'utf8')
  const plain = `${name} ${sealed} ${Buffer.from(sealed, 'base64url').toString('latin1')}`
  for (const canary of [token, ...token.split('.'), String(settings.clientSecret), settings.clientId])
    assert.ok(canary && !plain.includes(canary))
  for (const broken of [
    '',
    'x',
    sealed.slice(0, -4),
    `A${sealed.slice(1)}`,
    // Not the very last character: some of its bits are spare.
    `${sealed.slice(0, -8)}${sealed.at(-8) === 'A' ? 'B' : 'A'}${sealed.slice(-7)}`,
    '{}',
  ]) {
    if (broken === sealed) continue
    writeFileSync(join(folder, name), broken)
    assert.notEqual(await processOn(machine, settings).token(), token)
  }
})

const failing: [string, Partial<TokenStore>][] = [
  ['cannot be read', { get: () => Promise.reject(new Error(settingsCanary)) }],
  ['cannot be written', { set: () => Promise.reject(new TypeError(settingsCanary)) }],
  ['cannot be locked', { lock: () => Promise.reject(Object.assign(new Error(), { code: 'EROFS' })) }],
  ['cannot free its lock', { lock: async () => () => Promise.reject(new Error(settingsCanary)) }],
]
const settingsCanary = 'lk_test_canary_of_a_store'
for (const [name, broken] of failing) {
  test(`a store that ${name} is as good as an empty one, and says so once`, async () => {
    const warnings: string[] = []
    const store = { ...memoryStore(), ...broken }
    const { settings, machine } = await setUp(store, { onWarning: (message) => warnings.push(message) })
    const api = processOn(machine, settings)
    const first = await api.token()
    machine.advance(3_600_000)
    assert.notEqual(await api.token(), first)
    assert.equal(proxy.tokenRequests(), 2)
    assert.equal(warnings.length, 1)
    assert.match(warnings[0] ?? '', /token store cannot be used \((Error|TypeError|EROFS)\)/)
  })
}

test('a store that cannot lock, as on some disks, still keeps the token', async () => {
  const lock = () => Promise.reject(Object.assign(new Error(), { code: 'ENOTSUP' }))
  const { settings, machine } = await setUp({ ...memoryStore(), lock }, { onWarning: () => undefined })
  const first = await processOn(machine, settings).token()
  assert.equal(await processOn(machine, settings).token(), first)
  assert.equal(proxy.tokenRequests(), 1)
})

test('a store that does not answer is waited for two seconds, once', async () => {
  const never = () => new Promise<never>(() => undefined)
  const warnings: string[] = []
  const store = { ...memoryStore(), get: never, lock: never, set: never }
  const { settings, machine } = await setUp(store, { onWarning: (message) => warnings.push(message) })
  assert.match(await processOn(machine, settings).token(), /^eyJ/)
  assert.match(warnings.join(), /it did not answer in time/)
})

test('when no new token comes, the old one does not stay in the store', async () => {
  const store = memoryStore()
  const names = new Set<string>()
  const seen: TokenStore = {
    ...store,
    set: (name, ...rest) => store.set(name, ...rest).then(() => void names.add(name)),
  }
  const { settings, machine } = await setUp(seen)
  const api = processOn(machine, settings)
  await api.token()
  proxy.fault = ({ path }) => ({ answer: { status: path === tokenPath ? 400 : 401 } })
  await assert.rejects(api.fetch('/signature/documents'), { name: 'TokenRequestError' })
  for (const name of names) assert.equal(await store.get(name), undefined)
})

test('when a renewal ahead of time fails, the ageing token still serves other processes', async () => {
  const { settings, machine } = await setUp(memoryStore(() => machine.now()))
  const first = processOn(machine, settings)
  const token = await first.token()
  machine.advance(3600_000 * 0.81)
  proxy.fault = ({ path }) => (path === tokenPath ? { answer: { status: 400 } } : undefined)
  assert.equal(await first.token(), token)
  await until(() => proxy.tokenRequests() === 2)
  assert.equal(await first.token(), token)
  assert.equal(await processOn(machine, settings).token(), token)
})

test('whoever holds the lock for too long is not waited for', async () => {
  const store: TokenStore = { ...memoryStore(), lock: async () => undefined }
  const { settings } = await setUp(store)
  const machine = createMachine()
  assert.match(await processOn(machine, settings).token(), /^eyJ/)
  const waitedMs = machine.pauses.reduce((sum, ms) => sum + ms, 0)
  assert.ok(waitedMs >= 30_000 && waitedMs < 31_000)
})
