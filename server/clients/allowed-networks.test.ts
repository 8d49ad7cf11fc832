import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createWorld, tokenRequest, type World } from '../testing/world.ts'
import { mayCallFrom } from './allowed-networks.ts'

for (const [networks, address, may] of [
  [[], '203.0.113.7', true],
  [[], 'nonsense', true],
  [['203.0.113.0/24'], '203.0.113.0', true],
  [['203.0.113.0/24'], '203.0.113.255', true],
  [['203.0.113.0/24'], '203.0.112.255', false],
  [['203.0.113.0/24'], '203.0.114.0', false],
  [['203.0.113.0/24'], '::ffff:203.0.113.9', true],
  [['203.0.113.0/24'], '::ffff:203.0.114.9', false],
  [['203.0.113.0/24'], '2001:db8::1', false],
  [['203.0.113.0/24'], 'nonsense', false],
  [['203.0.113.0/24'], '', false],
  [['203.0.113.7/32'], '203.0.113.7', true],
  [['203.0.113.7/32'], '203.0.113.8', false],
  [['203.0.113.7'], '203.0.113.7', true],
  [['::ffff:203.0.113.0/120'], '203.0.113.200', true],
  [['::ffff:203.0.113.0/120'], '203.0.114.0', false],
  [['2001:db8:1:2300::/56'], '2001:db8:1:2300::', true],
  [['2001:db8:1:2300::/56'], '2001:db8:1:23ff:ffff:ffff:ffff:ffff', true],
  [['2001:db8:1:2300::/56'], '2001:db8:1:2400::', false],
  [['2001:db8:1:2300::/56'], '2001:db8:1:22ff:ffff::', false],
  [['fe80::/10'], 'fe80::1%eth0', true],
  [['10.0.0.0/8', '2001:db8::/32'], '2001:db8::1', true],
  [['10.0.0.0/8', '2001:db8::/32'], '10.255.255.255', true],
  // A list that cannot be read was meant to narrow.
  [['nonsense', '10.0.0.0/33'], '10.0.0.1', false],
  [['nonsense', '10.0.0.0/8'], '10.0.0.1', true],
] as const)
  test(`[${networks.join(', ')}] ${may ? 'lets in' : 'keeps out'} "${address}"`, () => {
    assert.equal(mayCallFrom({ allowedNetworks: networks }, address), may)
  })

const restricted = ['203.0.113.0/24', '2001:db8::/32']

async function openRestricted(settings: Record<string, string> = {}) {
  const world = await createWorld({ settings })
  const client = await world.makeClient({ scopes: ['event'] })
  await allowFrom(world, client.clientId, restricted)
  return { world, client }
}

async function allowFrom(world: World, clientId: string, networks: readonly string[]) {
  await world.database.db
    .updateTable('client')
    .set({ allowed_networks: JSON.stringify(networks) })
    .where('id', '=', clientId)
    .execute()
  world.app.clients.forget(clientId)
}

const body = 'grant_type=client_credentials&scope=event'

test('from elsewhere the right secret is answered exactly like a wrong one, at every endpoint', async () => {
  const { world, client } = await openRestricted()
  const wrong = { ...client, clientSecret: `${client.clientSecret}!` }
  const elsewhere = { remoteAddress: '198.51.100.1' }
  for (const path of ['token', 'introspect', 'revocation'] as const) {
    const ask = (who: typeof client, from: object) =>
      world.inject({ ...tokenRequest(who, `${body}&token=x`), url: `/oauth/connect/${path}`, ...from })
    const [refused, wrongSecret] = [await ask(client, elsewhere), await ask(wrong, elsewhere)]
    assert.equal(refused.statusCode, 401, path)
    assert.equal(refused.body, wrongSecret.body)
    const comparable = ({ headers }: typeof refused) => ({ ...headers, date: '', 'request-id': '' })
    assert.deepEqual(comparable(refused), comparable(wrongSecret))
    assert.equal((await ask(client, { remoteAddress: '203.0.113.7' })).statusCode, 200, path)
    assert.equal((await ask(client, { remoteAddress: '2001:db8:ffff::1' })).statusCode, 200, path)
  }
  await world.close()
})

test('a right secret from elsewhere counts as a failure: nothing tells it from a wrong one', async () => {
  const { world, client } = await openRestricted()
  const from = { ...tokenRequest(client, body), remoteAddress: '198.51.100.1' }
  const statuses: number[] = []
  for (let count = 0; count < 21; count += 1) statuses.push((await world.inject(from)).statusCode)
  assert.deepEqual(statuses, [...Array.from({ length: 20 }, () => 401), 429])
  await world.close()
})

test('a network that was added a moment ago lets its caller in at once', async () => {
  const { world, client } = await openRestricted()
  const request = { ...tokenRequest(client, body), remoteAddress: '198.51.100.1' }
  assert.equal((await world.inject(request)).statusCode, 401)
  // In memory the old list is still there: another node changed it.
  await world.database.db
    .updateTable('client')
    .set({ allowed_networks: '["198.51.100.0/24"]' })
    .where('id', '=', client.clientId)
    .execute()
  assert.equal((await world.inject(request)).statusCode, 200)
  await world.close()
})

for (const url of ['/notification/events', '/account'])
  test(`a token used from elsewhere is answered 403 address_not_allowed at ${url}`, async () => {
    const { world, client } = await openRestricted()
    const scope = url.startsWith('/account') ? 'account_read' : 'event'
    await world.database.db
      .updateTable('client')
      .set({ scopes: JSON.stringify([scope]) })
      .where('id', '=', client.clientId)
      .execute()
    world.app.clients.forget(client.clientId)
    const asked = await world.inject({
      ...tokenRequest(client, `grant_type=client_credentials&scope=${scope}`),
      remoteAddress: '203.0.113.7',
    })
    const headers = { authorization: `Bearer ${asked.json().access_token}` }
    const call = (remoteAddress: string) => world.inject({ url, headers, remoteAddress })
    assert.notEqual((await call('203.0.113.7')).statusCode, 403)
    const refused = await call('198.51.100.1')
    assert.equal(refused.statusCode, 403)
    assert.match(refused.json().type, /address_not_allowed$/)
    assert.equal((await world.inject({ url: new URL(refused.json().type).pathname })).statusCode, 200)
    await world.close()
  })

test('behind a trusted proxy the address is that of the caller; another cannot claim one', async () => {
  const { world, client } = await openRestricted({ LATCHKEY_TRUSTED_PROXIES: '127.0.0.1,10.0.0.0/8' })
  for (const [remoteAddress, forwarded, status] of [
    ['127.0.0.1', '203.0.113.7', 200],
    ['127.0.0.1', '198.51.100.1', 401],
    ['127.0.0.1', '203.0.113.7, 10.1.2.3', 200],
    // The first entry is the caller's own claim, the second what our proxy saw.
    ['127.0.0.1', '203.0.113.7, 198.51.100.1', 401],
    ['198.51.100.1', '203.0.113.7', 401],
    ['203.0.113.9', '198.51.100.1', 200],
  ] as const) {
    const request = tokenRequest(client, body)
    const headers = { ...request.headers, 'x-forwarded-for': forwarded }
    const answer = await world.inject({ ...request, headers, remoteAddress })
    assert.equal(answer.statusCode, status, `${remoteAddress} for ${forwarded}`)
  }
  await world.close()
})
