// Statements 40 and 41: guessing is slowed, and no rightful caller is.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LightMyRequestResponse } from 'fastify'
import { dialectsOfRun } from '../testing/database.ts'
import { floodWithRandomIds } from '../testing/random-ids.ts'
import { basic, createWorld, type TestClient, tokenRequest, type World } from '../testing/world.ts'

const body = 'grant_type=client_credentials&scope=event'
const home = '203.0.113.7'
const neighbour = '203.0.113.200'
const abroad = '198.51.100.9'

const ask = (world: World, client: TestClient, remoteAddress = home) =>
  world.inject({ ...tokenRequest(client, body), remoteAddress })

const wrong = ({ clientId }: TestClient): TestClient => ({ clientId, clientSecret: 'wrong' })

async function fail(world: World, client: TestClient, times: number, address = home): Promise<number[]> {
  const statuses: number[] = []
  for (let count = 0; count < times; count += 1)
    statuses.push((await ask(world, wrong(client), address)).statusCode)
  return statuses
}

const refused = (times: number) => Array.from({ length: times }, () => 401)

for (const dialect of dialectsOfRun) {
  test(`${dialect}: the 21st failure in a minute is 429, and the right secret passes from everywhere all the time`, async () => {
    const world = await createWorld({ dialect })
    const client = await world.makeClient({ scopes: ['event'] })
    assert.deepEqual(await fail(world, client, 20), refused(20))
    assert.equal((await ask(world, client)).statusCode, 200, 'from the same address')
    const limited = await ask(world, wrong(client))
    assert.equal(limited.statusCode, 429)
    assert.equal(limited.headers['retry-after'], '10')
    assert.equal(limited.json().error, 'rate_limited')
    const page = await world.inject({ url: new URL(limited.json().error_uri).pathname })
    assert.equal(page.statusCode, 200)
    for (const address of [home, neighbour, abroad, '2001:db8::1'])
      assert.equal((await ask(world, client, address)).statusCode, 200, address)
    assert.deepEqual(await fail(world, client, 1, neighbour), [429], 'the same network')
    assert.deepEqual(await fail(world, client, 1, abroad), [401], 'another network')
    const other = await world.makeClient()
    assert.deepEqual(await fail(world, other, 1), [401], 'another client')
    await world.close()
  })

  test(`${dialect}: the limit ends with the minute, and says when`, async () => {
    const world = await createWorld({ dialect })
    const client = await world.makeClient()
    world.clock.advance(18_500)
    await fail(world, client, 21)
    const limited = await ask(world, wrong(client))
    assert.equal(limited.statusCode, 429)
    world.clock.advance(41_499)
    const last = await ask(world, wrong(client))
    assert.deepEqual([last.statusCode, last.headers['retry-after']], [429, '1'])
    world.clock.advance(1)
    assert.deepEqual(await fail(world, client, 1), [401])
    await world.close()
  })

  test(`${dialect}: random ids of one address are slowed; who is right gets in meanwhile`, () =>
    floodWithRandomIds(dialect, 2000))

  test(`${dialect}: a client that this node has not seen gets in from a throttled address`, async () => {
    const world = await createWorld({ dialect })
    await flood(world, 105)
    const fresh = await world.makeClient({ scopes: ['event'] })
    assert.equal((await ask(world, fresh)).statusCode, 200)
    // What is let through each second is used up by others: it gets in when it comes again.
    const late = await world.makeClient({ scopes: ['event'] })
    await flood(world, 20)
    const held = await ask(world, late)
    assert.deepEqual([held.statusCode, held.headers['retry-after']], [429, '10'])
    world.clock.advance(1000)
    assert.equal((await ask(world, late)).statusCode, 200)
    // Forgotten, because something about it changed: a flood of other ids does not hold it up.
    await flood(world, 20)
    world.app.clients.forget(late.clientId)
    assert.equal((await ask(world, late)).statusCode, 200)
    await world.close()
  })
}

/** Random ids: the first hundred use up the limit of the address, ten more its look-ups of this second. */
async function flood(world: World, times: number, address = home): Promise<void> {
  await Promise.all(
    Array.from({ length: times }, (_, count) =>
      ask(world, { clientId: `test-random-${count}`, clientSecret: 'x' }, address),
    ),
  )
}

test('an id that exists and one that does not are answered alike, before and under a limit', async () => {
  const world = await createWorld()
  const client = await world.makeClient()
  const unknown = { clientId: 'test-never-made-100', clientSecret: 'x' }
  const facts = ({ statusCode, headers, body: text }: LightMyRequestResponse) => ({
    statusCode,
    text,
    headers: { ...headers, date: '', 'request-id': '' },
  })
  for (let count = 0; count < 30; count += 1) {
    const answers = [await ask(world, wrong(client)), await ask(world, unknown, neighbour)]
    assert.deepEqual(...tuple(answers.map(facts)))
  }
  await flood(world, 105, abroad)
  await flood(world, 20, abroad)
  const cold = await world.makeClient()
  for (const who of [client, cold])
    assert.deepEqual(
      facts(await ask(world, wrong(who), abroad)),
      facts(await ask(world, unknown, abroad)),
      'a throttled address',
    )
  await world.close()
})

function tuple<T>(pair: readonly T[]): [T, T] {
  const [left, right] = pair
  if (left === undefined || right === undefined) throw new Error('two are needed')
  return [left, right]
}

test('every endpoint that authenticates clients counts, and refuses by the same limit', async () => {
  const world = await createWorld()
  const client = await world.makeClient()
  const headers = { ...tokenRequest(wrong(client), '').headers }
  const form = { headers, payload: 'token=x', remoteAddress: home }
  const requests = [
    { ...form, method: 'POST', url: '/oauth/connect/introspect' },
    { ...form, method: 'POST', url: '/oauth/connect/revocation' },
    {
      method: 'GET',
      url: '/oauth/connect/revocations?after=0',
      headers: { authorization: basic(wrong(client)) },
      remoteAddress: home,
    },
  ] as const
  for (let round = 0; round < 7; round += 1)
    for (const request of requests.slice(0, round === 6 ? 2 : 3))
      assert.equal((await world.inject(request)).statusCode, 401)
  const limited = [...requests, { ...tokenRequest(wrong(client), body), remoteAddress: home }]
  for (const request of limited) {
    const answer = await world.inject(request)
    assert.deepEqual([answer.statusCode, answer.json().error], [429, 'rate_limited'])
    assert.match(String(answer.headers['retry-after']), /^[1-9]\d?$/)
    assert.equal(answer.headers['cache-control'], 'no-store')
  }
  await world.close()
})

test('addresses of one /64 are one, and those of a /56 one network', async () => {
  const world = await createWorld()
  const client = await world.makeClient()
  for (let count = 0; count < 20; count += 1)
    assert.deepEqual(await fail(world, client, 1, `2001:db8:1:23${count + 10}::1`), [401])
  assert.deepEqual(await fail(world, client, 1, '2001:db8:1:2301::99'), [429])
  assert.deepEqual(await fail(world, client, 1, '2001:db8:1:2401::99'), [401])
  await world.close()
})

test('what is no credential at all is not counted', async () => {
  const world = await createWorld()
  const client = await world.makeClient()
  const request = tokenRequest(client, body)
  for (let count = 0; count < 120; count += 1) {
    const headers = { ...request.headers, authorization: 'Basic nonsense' }
    assert.equal((await world.inject({ ...request, headers, remoteAddress: home })).statusCode, 401)
  }
  assert.deepEqual(await fail(world, client, 1), [401])
  await world.close()
})

test('many failures for one client over all networks refuse nobody and are told once a minute', async () => {
  const lines: string[] = []
  const world = await createWorld({ onLogLine: (line) => lines.push(line) })
  const client = await world.makeClient({ scopes: ['event'] })
  for (let network = 0; network < 21; network += 1) {
    const statuses = await Promise.all(
      Array.from({ length: 10 }, () => ask(world, wrong(client), `198.18.${network}.1`)),
    )
    assert.deepEqual(
      statuses.map(({ statusCode }) => statusCode),
      refused(10),
    )
  }
  const alerts = lines.filter((line) => line.includes('many failed authentications'))
  assert.equal(alerts.length, 1)
  assert.equal(JSON.parse(alerts[0] ?? '').clientId, client.clientId)
  assert.equal((await ask(world, client)).statusCode, 200)
  await world.close()
})

test('a caller introspects at most 600 dead tokens a minute; live ones are answered still', async () => {
  const world = await createWorld()
  const client = await world.makeClient({ scopes: ['event'] })
  const token = await world.token(['event'], client)
  const introspect = (text: string) =>
    world.inject({ ...tokenRequest(client, `token=${text}`), url: '/oauth/connect/introspect' })
  for (let count = 0; count < 600; count += 1)
    assert.deepEqual((await introspect('nonsense')).json(), { active: false })
  const limited = await introspect('nonsense')
  assert.deepEqual([limited.statusCode, limited.headers['retry-after']], [429, '60'])
  assert.equal((await introspect(token)).json().active, true)
  world.clock.advance(60_000)
  assert.deepEqual((await introspect('nonsense')).json(), { active: false })
  await world.close()
})

test('tokens that do not verify are told, and not refused otherwise', async () => {
  const lines: string[] = []
  const world = await createWorld({ onLogLine: (line) => lines.push(line) })
  const headers = { authorization: 'Bearer a.b.c' }
  for (let count = 0; count < 310; count += 1) {
    const answer = await world.inject({ url: '/notification/events', headers, remoteAddress: home })
    assert.equal(answer.statusCode, 401)
  }
  const alerts = lines.filter((line) => line.includes('tokens that do not verify'))
  assert.equal(alerts.length, 1)
  assert.equal(JSON.parse(alerts[0] ?? '').network, '203.0.113.0/24')
  await world.close()
})

test('a public endpoint has a limit for each address', async () => {
  const world = await createWorld()
  const report = () =>
    world.inject({
      method: 'POST',
      url: '/report-leaked-secret',
      payload: { secret: 'x' },
      remoteAddress: abroad,
    })
  for (let count = 0; count < 60; count += 1) assert.equal((await report()).statusCode, 202)
  const limited = await report()
  assert.deepEqual([limited.statusCode, limited.headers['retry-after']], [429, '60'])
  assert.match(limited.json().type, /rate_limited$/)
  const limit = world.app.protection.limitPublic('test', 3)
  for (let count = 0; count < 3; count += 1) await limit(home)
  await assert.rejects(limit(home), { type: 'rate_limited', headers: { 'retry-after': '60' } })
  await limit(neighbour)
  world.clock.advance(60_000)
  await limit(home)
  await world.close()
})
