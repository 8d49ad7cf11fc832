// A guard that follows the feed of the real server: what is revoked there is refused here, and what happens when nobody says so.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { after, beforeEach, test } from 'node:test'
import { inspect } from 'node:util'
import { disableClient, enableClient } from '../server/clients/revocations.ts'
import { until } from '../server/testing/until.ts'
import { type TestClient, tokenRequest } from '../server/testing/world.ts'
import { GuardError } from './errors.ts'
import { followRevocations } from './follow.ts'
import type { Guard } from './guard.ts'
import type { GuardOptions } from './guard-options.ts'
import { createStand, scopes, statusOf } from './testing/stand.ts'

const stand = await createStand()
const { world, proxy } = stand
beforeEach(() => stand.reset())
after(() => stand.close())

const url = `${proxy.url}/oauth/connect/revocations`
const following = (follow: GuardOptions['follow'] & object = {}, more: Partial<GuardOptions> = {}) =>
  stand.guard({ follow: { url, everySeconds: 0.02, ...follow }, ...more })
const client = await world.makeClient({ scopes })
const newToken = (of: TestClient = client) => world.token(['orders_read'], of)

async function revoke(form: Record<string, string>, of = client): Promise<void> {
  const request = tokenRequest(of, new URLSearchParams(form).toString())
  await world.inject({ ...request, url: '/oauth/connect/revocation' })
}
const refused = (guard: Guard, token: string) =>
  until(async () => ((await statusOf(guard, token)) === 401 ? true : undefined), 'refusal')

test('a revoked token is refused, remembered as it is, and others pass', async () => {
  const guard = following()
  const [dead, alive] = [await newToken(), await newToken()]
  assert.deepEqual([await statusOf(guard, dead), await statusOf(guard, alive)], [200, 200])
  await revoke({ token: dead })
  await refused(guard, dead)
  assert.equal(await statusOf(guard, alive), 200)
  const error = await guard.check(`Bearer ${dead}`, 'orders_read').catch((reason: unknown) => reason)
  assert.ok(error instanceof GuardError)
  assert.match(error.headers['www-authenticate'] ?? '', /error="invalid_token"/)
  assert.match(error.problem.detail, /^The token was revoked/)
  assert.equal(error.token?.clientId, client.clientId)
})

test('what was revoked before the guard began is refused from its first call on', async () => {
  const dead = await newToken()
  await revoke({ token: dead })
  assert.equal(await statusOf(following(), dead), 401)
})

test('all tokens of a client die together, and the next one passes', async () => {
  const one = await world.makeClient({ scopes })
  const guard = following()
  const [before, other] = [await newToken(one), await newToken()]
  assert.equal(await statusOf(guard, before), 200)
  await revoke({ all_tokens: 'true' }, one)
  await refused(guard, before)
  world.clock.advance(1)
  assert.deepEqual([await statusOf(guard, await newToken(one)), await statusOf(guard, other)], [200, 200])
})

test('tokens of a disabled client are refused, also when it is enabled again; its next one passes', async () => {
  const one = await world.makeClient({ scopes })
  const known = { id: one.clientId, environment: 'test' } as const
  const guard = following()
  const before = await newToken(one)
  assert.equal(await statusOf(guard, before), 200)
  await disableClient(world.database.db, known, world.clock.now())
  await refused(guard, before)
  await enableClient(world.database.db, known, world.clock.now())
  await world.app.changes.poll()
  world.clock.advance(1)
  const next = await newToken(one)
  assert.deepEqual([await statusOf(guard, before), await statusOf(guard, next)], [401, 200])
})

test('it survives an outage of the server: what was revoked meanwhile is refused soon after', async () => {
  const told: Error[] = []
  const guard = following({}, { onError: (error) => told.push(error) })
  const [dead, alive] = [await newToken(), await newToken()]
  assert.equal(await statusOf(guard, dead), 200)
  proxy.fault = () => 'cut the connection'
  const { error = '' } = await until(
    () => (guard.following().test?.error ? guard.following().test : undefined),
    'error',
  )
  assert.equal(error, 'The authorization server did not answer.')
  await revoke({ token: dead })
  assert.deepEqual(
    [await statusOf(guard, dead), await statusOf(guard, alive)],
    [200, 200],
    'it goes on with what it knows',
  )
  proxy.reset()
  await refused(guard, dead)
  assert.equal(await statusOf(guard, alive), 200)
  assert.equal(told.length, 1, 'an outage is told once')
  await until(() => (guard.following().test?.error === undefined ? true : undefined), 'whole read')
})

for (const [whenStale, status] of [
  ['refuse', 503],
  ['accept', 200],
] as const) {
  test(`a feed that was never read: ${whenStale} answers ${status}`, async () => {
    proxy.fault = () => ({ answer: { status: 503 } })
    const guard = following({ whenStale })
    assert.equal(await statusOf(guard, await newToken()), status)
    assert.equal(guard.following().test?.ageSeconds, undefined)
  })
}

for (const [name, body] of [
  ['no JSON', '<html>'],
  ['no page', '{}'],
  ['an entry without an end', '{"revocations":[{"clientId":"a","tokenId":"b"}],"next":1}'],
  [
    'an entry about nothing',
    '{"revocations":[{"clientId":"a","expiresAt":"2026-11-24T00:00:00Z"}],"next":1}',
  ],
  ['no next', '{"revocations":[]}'],
] as const) {
  test(`a page that is ${name} is not taken for "nothing was revoked"`, async () => {
    proxy.fault = () => ({ answer: { status: 200, body } })
    assert.equal(await statusOf(following(), await newToken()), 503)
  })
}

test('a client that may not read the feed is told to the operator, without its secret', async () => {
  const told: Error[] = []
  const guard = following({}, { resourceServer: { test: client }, onError: (error) => told.push(error) })
  assert.equal(await statusOf(guard, await newToken()), 503)
  assert.match(
    String(told[0]),
    /refused the request of this guard \(400\): is the client named in resourceServers/,
  )
  const shown = inspect([guard, told, guard.following()], { depth: 12, showHidden: true })
  for (const hidden of [client.clientSecret, btoa(`${client.clientId}:${client.clientSecret}`)])
    assert.ok(!shown.includes(hidden))
})

test('thousands of revocations within seconds all arrive', async () => {
  const guard = following()
  const last = await newToken()
  assert.equal(await statusOf(guard, last), 200)
  const rows = Array.from({ length: 2500 }, (_, index) => ({
    at: world.clock.now(),
    kind: 'token' as const,
    environment: 'test' as const,
    client_id: client.clientId,
    token_id: `t${index}`,
    not_before: null,
    expires_at: world.clock.now() + 60_000,
  }))
  for (let start = 0; start < rows.length; start += 500)
    await world.database.db
      .insertInto('revocation')
      .values(rows.slice(start, start + 500))
      .execute()
  await revoke({ token: last })
  await refused(guard, last)
  assert.ok((guard.following().test?.entries ?? 0) > 2500)
  await world.database.db.deleteFrom('revocation').execute()
})

test('after close nothing is read any more', async () => {
  const guard = following()
  await statusOf(guard, await newToken())
  guard.close()
  const count = proxy.seen.length
  await new Promise((resolve) => setTimeout(resolve, 100))
  assert.ok(proxy.seen.length <= count + 1, 'at most the request that was on its way')
})

test('a guard that follows does not keep its process alive', async () => {
  const program = `import { createGuard } from '${new URL('./index.ts', import.meta.url)}'
    const guard = createGuard({ issuer: '${world.url}/oauth', audiences: { test: 'x' }, follow: true,
      resourceServer: { test: ${JSON.stringify(stand.resourceServer)} } })
    await guard.check('Bearer x', 'y').catch(() => undefined)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'inherit' })
  assert.deepEqual(await once(child, 'exit'), [0, null])
})

/** A feed of pages that the test writes, on a clock that it moves. */
function scripted(pages: (after: number) => object, whenStale: 'refuse' | 'accept' = 'refuse') {
  const asked: number[] = []
  let elapsedMs = 0
  let nowMs = Date.UTC(2026, 10, 24)
  const feed = followRevocations({
    ask: async (address) => {
      const after = Number(new URL(address).searchParams.get('after'))
      asked.push(after)
      return JSON.stringify(pages(after))
    },
    url: 'https://api.example/revocations',
    everySeconds: 0.001,
    maxStalenessSeconds: 300,
    whenStale,
    clockSkewSeconds: 30,
    now: () => nowMs,
    elapsed: () => elapsedMs,
    onError: () => undefined,
  })
  return {
    ...{ feed, asked, silence: (ms: number) => (elapsedMs += ms) },
    setClock: (ms: number) => {
      nowMs = ms
    },
  }
}
const entry = {
  clientId: 'test-a-b-1',
  tokenId: null,
  notBefore: '2026-11-24T00:00:00.500Z',
  expiresAt: '2026-11-25T00:00:00Z',
}
const minted = (id: string, issuedAt = Date.UTC(2026, 10, 24) / 1000) => ({
  issuer: 'i',
  clientId: 'test-a-b-1',
  audiences: [],
  scopes: [],
  environment: 'test' as const,
  issuedAt,
  expiresAt: issuedAt + 3600,
  id,
})

test('it goes on after the last number, and reads everything again after a silence', async () => {
  const { feed, asked, silence } = scripted((after) => ({
    revocations: after < 7 ? [entry] : [],
    next: Math.max(after, 7),
  }))
  await feed.firstTry
  assert.deepEqual(asked, [0, 7])
  await until(() => (asked.length > 3 ? true : undefined), 'more reads')
  assert.ok(asked.slice(1).every((after) => after === 7))
  // A database that was restored meanwhile counts from a smaller number.
  silence(6000)
  await until(() => (asked.lastIndexOf(0) > 0 ? true : undefined), 'read from the beginning')
  feed.close()
})

test('when a token was minted says its id to the millisecond, and iat to the second where the id does not', async () => {
  const { feed } = scripted(() => ({ revocations: [entry], next: 0 }))
  await feed.firstTry
  const idAt = (ms: number) => {
    const hex = (Date.UTC(2026, 10, 24) + ms).toString(16).padStart(12, '0')
    return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`
  }
  for (const [token, verdict] of [
    [minted(idAt(500)), 'revoked'],
    [minted(idAt(501)), 'live'],
    [minted('another kind of id'), 'revoked'],
    [minted('another kind of id', Date.UTC(2026, 10, 24) / 1000 + 1), 'live'],
    [{ ...minted(idAt(0)), clientId: 'test-a-b-2' }, 'live'],
  ] as const)
    assert.equal(feed.verdict(token), verdict)
  feed.close()
})

for (const [whenStale, verdict] of [
  ['refuse', 'unknown'],
  ['accept', 'live'],
] as const) {
  test(`knowledge that is too old: ${whenStale} says ${verdict}, and a known revocation stays one`, async () => {
    let isAway = false
    const { feed, silence } = scripted(() => {
      if (isAway) throw new Error('away')
      return { revocations: [entry], next: 0 }
    }, whenStale)
    await feed.firstTry
    isAway = true
    const [dead, alive] = [minted('x'), { ...minted('x'), clientId: 'test-a-b-2' }]
    await until(() => feed.state().error && true, 'failure')
    assert.equal(feed.state().stale, false)
    silence(300_000)
    assert.equal(feed.verdict(alive), 'live', 'up to the limit')
    silence(1)
    assert.deepEqual(
      [feed.state().stale, feed.verdict(alive), feed.verdict(dead)],
      [true, verdict, 'revoked'],
    )
    isAway = false
    await until(() => (feed.state().stale ? undefined : true), 'end of the staleness')
    assert.deepEqual([feed.verdict(alive), feed.state().error], ['live', undefined])
    feed.close()
  })
}

test('a revocation is remembered for as long as its token could be accepted, with the skew of clocks', async () => {
  const end = Date.UTC(2026, 10, 24, 1)
  const dead = {
    clientId: 'test-a-b-1',
    tokenId: 'x',
    notBefore: null,
    expiresAt: new Date(end).toISOString(),
  }
  const { feed, asked, setClock } = scripted((after) => ({ revocations: after === 0 ? [dead] : [], next: 1 }))
  await feed.firstTry
  const readOnceMore = async () => {
    const count = asked.length
    await until(() => asked.length > count + 1 || undefined, 'next read')
  }
  setClock(end + 30_000)
  await readOnceMore()
  assert.equal(feed.verdict(minted('x')), 'revoked')
  setClock(end + 30_001)
  await readOnceMore()
  assert.deepEqual([feed.verdict(minted('x')), feed.state().entries], ['live', 0])
  feed.close()
})

test('an onError that throws ends nothing: the feed is read again, and the process lives', async () => {
  const guard = following(
    {},
    {
      onError: () => {
        throw new Error('from onError')
      },
    },
  )
  const dead = await newToken()
  assert.equal(await statusOf(guard, dead), 200)
  proxy.fault = () => 'cut the connection'
  await until(() => guard.following().test?.error, 'error')
  await revoke({ token: dead })
  proxy.reset()
  await refused(guard, dead)
})
