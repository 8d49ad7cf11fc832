import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dialectsOfRun, testDialects } from '../testing/database.ts'
import { makeMember, type TestMember } from '../testing/member.ts'
import { openSecondApp } from '../testing/second-app.ts'
import { createWorld, type TestClient, tokenRequest, type World } from '../testing/world.ts'
import { openActivityStream } from './stream.ts'

const asked = (client: TestClient, scope = 'event') =>
  tokenRequest(client, `grant_type=client_credentials&scope=${scope}`)

/**
 * A stream as a reader has it: it waits for events, never for time.
 * @param who by a token, or as the EventSource of a browser, which sends its cookie and nothing else of its own.
 */
async function openStream(
  world: World,
  who: string | TestMember,
  { query = '', lastId }: { query?: string; lastId?: string } = {},
) {
  const answer = await fetch(`${world.url}/account/test/activity/stream${query}`, {
    headers: {
      ...(typeof who === 'string' ? { authorization: `Bearer ${who}` } : { cookie: who.headers.cookie }),
      ...(lastId && { 'last-event-id': lastId }),
    },
    signal: AbortSignal.timeout(30_000),
  })
  const body = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  return {
    answer,
    /** The next event with its id; undefined at the end. */
    async next(): Promise<{ id: string; data: { requestId: string; status: number } } | undefined> {
      for (;;) {
        const [block, ...rest] = text.split('\n\n')
        if (block !== undefined && rest.length > 0) {
          text = rest.join('\n\n')
          const id = /^id: (.*)$/m.exec(block)?.[1]
          const data = /^data: (.*)$/m.exec(block)?.[1]
          if (id !== undefined && data !== undefined) return { id, data: JSON.parse(data) }
          continue
        }
        const read = await body?.read()
        if (!read || read.done) return undefined
        text += read.value
      }
    },
    close: async () => body?.cancel(),
  }
}

async function worldWithReader(options: Parameters<typeof createWorld>[0] = {}) {
  const world = await createWorld(options)
  await world.listen()
  const reader = await world.makeClient({ scopes: ['account_read'] })
  const token = await world.token(['account_read'], reader)
  // The clock stands: what happened before a stream is before it.
  world.clock.advance(20_000)
  return { world, reader, token }
}

for (const dialect of dialectsOfRun) {
  test(`${dialect}: a stream tells what passes its filter, resumes after what was read, and is the account's own`, async () => {
    const { world, token } = await worldWithReader({ dialect })
    const client = await world.makeClient({ scopes: ['event'] })
    const foreign = await world.makeClient({ scopes: ['event'], accountId: 'evil' })
    await world.inject(asked(client, 'identify'))
    world.clock.advance(5000)
    const stream = await openStream(world, token, { query: '?status=4xx&kind=token_request' })
    assert.equal(stream.answer.headers.get('content-type'), 'text/event-stream')
    await world.inject(asked(foreign, 'identify'))
    await world.inject(asked(client))
    const refused = await world.inject(asked(client, 'identify'))
    const event = await stream.next()
    assert.equal(event?.id, refused.headers['request-id'])
    assert.deepEqual([event?.data.requestId, event?.data.status], [event?.id, 400])
    await stream.close()

    world.clock.advance(60_000)
    const missed = await world.inject(asked(client, 'identify'))
    await world.app.recorder.flush()
    world.clock.advance(60_000)
    const again = await openStream(world, token, {
      query: '?status=4xx&kind=token_request',
      lastId: event?.id ?? '',
    })
    assert.equal((await again.next())?.id, missed.headers['request-id'])
    await again.close()
    await world.close()
  })
}

/** How the session of a member may lose its account, and what his stream of it must not outlive. */
const endings: readonly (readonly [string, (world: World, member: TestMember) => Promise<unknown>])[] = [
  ['signs out', (_world, member) => member.call('POST', '/account/sign-out')],
  ['signs out everywhere', (_world, member) => member.call('POST', '/account/sign-out-everywhere')],
  [
    'has a session that expires',
    ({ database: { db } }, { personId }) =>
      db
        .updateTable('person_session')
        .set({ expires_at: new Date(Date.now() - 1000).toISOString() })
        .where('person_id', '=', personId)
        .execute(),
  ],
  [
    'is removed from the account',
    async (world, { memberId }) => {
      const owner = await makeMember(world)
      assert.equal((await owner.call('DELETE', `/account/members/${memberId}`)).status, 204)
    },
  ],
  [
    'goes over to another account of his',
    async ({ database: { db }, newId, clock }, member) => {
      const row = { account_id: 'evil', person_id: member.personId, role: 'owner', created_at: clock.now() }
      await db
        .insertInto('member')
        .values({ id: newId('mem'), ...row, role: 'owner' })
        .execute()
      const { status } = await member.call('POST', '/account/session/account', { accountId: 'evil' })
      assert.equal(status, 200)
    },
  ],
]

for (const dialect of dialectsOfRun)
  test(`${dialect}: a member follows his account by his cookie alone, until his session ends or leaves the account`, async () => {
    const { world } = await worldWithReader({ dialect })
    const client = await world.makeClient({ scopes: ['event'] })
    const foreign = await world.makeClient({ scopes: ['event'], accountId: 'evil' })
    const follow = async (how: (typeof endings)[number]) => {
      const member = await makeMember(world, { role: 'viewer' })
      return { how, member, stream: await openStream(world, member) }
    }
    const followers = await Promise.all(endings.map(follow))
    await world.inject(asked(foreign))
    const answer = await world.inject(asked(client))
    for (const { stream } of followers) {
      assert.equal(stream.answer.status, 200)
      assert.equal((await stream.next())?.id, answer.headers['request-id'])
    }
    for (const { how, member } of followers) await how[1](world, member)
    for (const { how, stream } of followers)
      assert.equal(await stream.next(), undefined, `goes on after its reader ${how[0]}`)
    await world.close()
  })

if (testDialects.includes('postgres'))
  test('a stream tells what another node answered', async () => {
    const { world, token } = await worldWithReader({ dialect: 'postgres' })
    const second = await openSecondApp(world)
    const client = await world.makeClient({ scopes: ['event'] })
    const stream = await openStream(world, token, { query: `?clientId=${client.clientId}` })
    const answer = await second.app.server.inject(asked(client))
    assert.equal((await stream.next())?.id, answer.headers['request-id'])
    await stream.close()
    await second.close()
    await world.close()
  })

test('a stream ends when its token expires', async () => {
  const { world, token } = await worldWithReader()
  const stream = await openStream(world, token)
  world.clock.advance(3_600_000)
  assert.equal(await stream.next(), undefined)
  await world.close()
})

test('a stream ends when its client is disabled', async () => {
  const { world, token, reader } = await worldWithReader()
  const stream = await openStream(world, token)
  await world.database.db
    .updateTable('client')
    .set({ disabled_at: world.clock.now() })
    .where('id', '=', reader.clientId)
    .execute()
  world.app.clients.forget(reader.clientId)
  assert.equal(await stream.next(), undefined)
  await world.close()
})

test('a stream ends when the server stops, and does not hold up the stop', async () => {
  const { world, token } = await worldWithReader()
  const stream = await openStream(world, token)
  await world.close()
  assert.equal(await stream.next(), undefined)
})

test('an account has twenty streams at once; another has its own, and one that was closed is free again', async () => {
  const { world, token } = await worldWithReader()
  const other = await world.token(['account_read'], { accountId: 'evil' })
  const streams = await Promise.all(Array.from({ length: 20 }, () => openStream(world, token)))
  const sixth = await openStream(world, token)
  assert.deepEqual([sixth.answer.status, sixth.answer.headers.get('retry-after')], [429, '10'])
  const foreign = await openStream(world, other)
  assert.equal(foreign.answer.status, 200)
  await Promise.all([foreign.close(), ...streams.map(({ close }) => close())])
  // That the other side is gone shows to the server a moment later.
  let status = 429
  while (status === 429) {
    const next = await openStream(world, token)
    status = next.answer.status
    await next.close()
  }
  assert.equal(status, 200)
  await world.close()
})

test('a HEAD opens no stream', async () => {
  const { world, token } = await worldWithReader()
  const url = '/account/test/activity/stream'
  const answer = await world.inject({ method: 'HEAD', url, headers: { authorization: `Bearer ${token}` } })
  assert.equal(answer.statusCode, 405)
  await world.close()
})

test('a reader who does not read is dropped, and nothing is kept for him', async () => {
  const world = await createWorld()
  const client = await world.makeClient({ scopes: ['event'] })
  const answer = await world.inject(asked(client))
  await world.app.recorder.flush()
  const entry = await world.app.activity.find('deployment', String(answer.headers['request-id']))
  assert.ok(entry)
  const { body } = openActivityStream({
    store: {
      ...world.app.activity,
      page: async () =>
        Array.from({ length: 500 }, () => ({ ...entry, id: world.newId('req'), reason: 'x'.repeat(500) })),
    },
    now: world.clock.now,
    filter: { of: 'deployment' },
    lastId: undefined,
    mayStill: async () => true,
    onError: assert.ifError,
  })
  await new Promise<void>((resolve) => body.once('close', () => resolve()))
  assert.ok(body.readableLength < 2 * 1024 * 1024)
  await world.close()
})
