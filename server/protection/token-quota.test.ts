import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createWorld, type TestClient, tokenRequest, type World } from '../testing/world.ts'

const body = 'grant_type=client_credentials&scope=event'

const ask = (world: World, client: TestClient) => world.inject(tokenRequest(client, body))

async function askTimes(world: World, client: TestClient, times: number) {
  for (let count = 0; count < times; count += 1) {
    const { statusCode } = await ask(world, client)
    assert.equal(statusCode, 200, `request ${count + 1}`)
  }
}

async function callTimes(world: World, token: string, times: number) {
  const headers = { authorization: `Bearer ${token}` }
  for (let count = 0; count < times; count += 1)
    assert.equal((await world.inject({ url: '/notification/events', headers })).statusCode, 200)
}

async function setQuota(world: World, { clientId }: TestClient, perHour: number | null): Promise<void> {
  await world.database.db
    .updateTable('client')
    .set({ token_quota_per_hour: perHour })
    .where('id', '=', clientId)
    .execute()
  world.app.clients.forget(clientId)
}

test('each token answer says how many are left, and until when', async () => {
  const world = await createWorld()
  const client = await world.makeClient({ scopes: ['event'] })
  world.clock.advance(18_200)
  const answer = await ask(world, client)
  assert.equal(answer.headers['ratelimit-policy'], '"tokens";q=120;w=60')
  assert.equal(answer.headers.ratelimit, '"tokens";r=119;t=42')
  assert.equal((await ask(world, client)).headers.ratelimit, '"tokens";r=118;t=42')
  world.clock.advance(41_800)
  assert.equal((await ask(world, client)).headers.ratelimit, '"tokens";r=119;t=60')
  await world.close()
})

test('observing, a client beyond its quota gets its tokens, one log line a minute, and a mark on each entry', async () => {
  const lines: string[] = []
  const world = await createWorld({ onLogLine: (line) => lines.push(line) })
  const client = await world.makeClient({ scopes: ['event'] })
  await askTimes(world, client, 120)
  const told = () => lines.filter((line) => line.includes('does not reuse'))
  assert.equal(told().length, 0)
  await callTimes(world, await world.token(['event'], client), 3)
  const beyond = await ask(world, client)
  assert.deepEqual([beyond.statusCode, beyond.headers.ratelimit], [200, '"tokens";r=0;t=60'])
  assert.equal(told().length, 1)
  const { clientId, quota, per, tokenRequests } = JSON.parse(told()[0] ?? '')
  assert.deepEqual(
    { clientId, quota, per, tokenRequests },
    {
      clientId: client.clientId,
      quota: 120,
      per: 'minute',
      tokenRequests: 120,
    },
  )
  await world.app.recorder.flush()
  const owner = { accountId: 'acme', environment: 'test' } as const
  const marked = await world.app.activity.find(owner, String(beyond.headers['request-id']))
  assert.equal(marked?.status, 200)
  assert.match(marked?.reason ?? '', /beyond the quota of 120/)
  world.clock.advance(60_000)
  await askTimes(world, client, 121)
  assert.equal(told().length, 2)
  await world.close()
})

test('refusing, the answer has the true numbers, says what to do and when, and tokens go on working', async () => {
  const world = await createWorld({ settings: { LATCHKEY_TOKEN_QUOTA_MODE: 'refuse' } })
  const client = await world.makeClient({ scopes: ['event'] })
  await askTimes(world, client, 119)
  const token = await world.token(['event'], client)
  await callTimes(world, token, 118)
  world.clock.advance(20_000)
  const refused = await ask(world, client)
  assert.equal(refused.statusCode, 429)
  assert.deepEqual(refused.json(), {
    error: 'rate_limited',
    error_description:
      '120 token requests in a minute for 118 API calls. Reuse the token: it is valid for 3600 seconds. See /docs/reuse',
    error_uri: `${world.url}/docs/reuse`,
  })
  assert.equal(refused.headers['retry-after'], '40')
  assert.equal(refused.headers.ratelimit, '"tokens";r=0;t=40')
  assert.equal(refused.headers['cache-control'], 'no-store')
  await callTimes(world, token, 1)
  const page = await world.inject({ url: '/docs/reuse' })
  assert.equal(page.statusCode, 200)
  assert.match(page.body, /createClient/)
  const other = await world.makeClient({ scopes: ['event'] })
  await askTimes(world, other, 1)
  world.clock.advance(40_000)
  await askTimes(world, client, 1)
  await world.close()
})

test('who is refused may still introspect and revoke', async () => {
  const settings = { LATCHKEY_TOKEN_QUOTA_MODE: 'refuse', LATCHKEY_TOKEN_QUOTA: '1' }
  const world = await createWorld({ settings })
  const client = await world.makeClient({ scopes: ['event'] })
  const token = await world.token(['event'], client)
  assert.equal((await ask(world, client)).statusCode, 429)
  for (const path of ['introspect', 'revocation']) {
    const request = { ...tokenRequest(client, `token=${token}`), url: `/oauth/connect/${path}` }
    assert.equal((await world.inject(request)).statusCode, 200)
  }
  await world.close()
})

test('a quota of its own is for an hour, takes the place of the setting, and follows a change', async () => {
  const settings = { LATCHKEY_TOKEN_QUOTA_MODE: 'refuse', LATCHKEY_TOKEN_QUOTA: '2' }
  const world = await createWorld({ settings })
  const client = await world.makeClient({ scopes: ['event'], tokenLifetimeSeconds: 600 })
  await setQuota(world, client, 5)
  world.clock.advance(600_000)
  const first = await ask(world, client)
  assert.equal(first.headers['ratelimit-policy'], '"tokens";q=5;w=3600')
  assert.equal(first.headers.ratelimit, '"tokens";r=4;t=3000')
  await askTimes(world, client, 4)
  world.clock.advance(120_000)
  const refused = await ask(world, client)
  assert.equal(refused.headers['retry-after'], '2880')
  assert.equal(
    refused.json().error_description,
    '5 token requests in an hour for 0 API calls. Reuse the token: it is valid for 600 seconds. See /docs/reuse',
  )
  await setQuota(world, client, 6)
  await askTimes(world, client, 1)
  await setQuota(world, client, null)
  await askTimes(world, client, 2)
  assert.equal((await ask(world, client)).statusCode, 429)
  await world.close()
})

test('who does not prove to be the client does not use up its quota', async () => {
  const settings = { LATCHKEY_TOKEN_QUOTA_MODE: 'refuse', LATCHKEY_TOKEN_QUOTA: '3' }
  const world = await createWorld({ settings })
  const client = await world.makeClient({ scopes: ['event'] })
  for (let count = 0; count < 10; count += 1)
    await ask(world, { clientId: client.clientId, clientSecret: 'wrong' })
  await askTimes(world, client, 3)
  await world.close()
})
