// Counts, reuse, unused scopes and the deprecated host, as an account reads them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dialectsOfRun } from '../testing/database.ts'
import { createWorld, tokenRequest, type World } from '../testing/world.ts'

const form = (scope: string) => `grant_type=client_credentials&scope=${scope}`

async function reader(world: World, accountId = 'acme') {
  const client = await world.makeClient({ scopes: ['account_read'], accountId })
  return async (path: string) => {
    const token = await world.token(['account_read'], client)
    await world.app.recorder.flush()
    const headers = { authorization: `Bearer ${token}` }
    const answer = await world.inject({ url: `/account${path}`, headers })
    return { status: answer.statusCode, body: answer.json() }
  }
}

for (const dialect of dialectsOfRun) {
  test(`${dialect}: counts are by hour or day, by client and kind, with the empty ones`, async () => {
    const world = await createWorld({ dialect })
    const read = await reader(world)
    const client = await world.makeClient({ scopes: ['event'] })
    const token = await world.token(['event'], client)
    const headers = { authorization: `Bearer ${token}` }
    await world.inject({ url: '/notification/events', headers })
    await world.inject({ url: '/signature/documents', headers })
    world.clock.advance(2 * 3_600_000)
    await world.inject(tokenRequest(client, form('event')))
    const from = '2026-11-24T12:30:00Z'
    const query = `clientId=${client.clientId}&from=${from}`
    const hours = await read(`/test/activity/counts?${query}`)
    assert.deepEqual(
      [hours.body.from, hours.body.to],
      ['2026-11-24T12:00:00.000Z', '2026-11-24T15:00:00.000Z'],
    )
    const points = (granted: number[], refused: number[]) =>
      granted.map((count, index) => ({
        at: `2026-11-24T${12 + index}:00:00.000Z`,
        granted: count,
        refused: refused[index],
      }))
    const { clientId } = client
    assert.deepEqual(hours.body.series, [
      { clientId, kind: 'token_request', granted: 2, refused: 0, points: points([1, 0, 1], [0, 0, 0]) },
      { clientId, kind: 'api_call', granted: 1, refused: 1, points: points([1, 0, 0], [1, 0, 0]) },
    ])
    const days = await read('/test/activity/counts?interval=day&by=client&kind=api_call')
    const own = days.body.series.filter((series: { clientId: string }) => series.clientId === clientId)
    assert.equal(own.length, 1)
    assert.equal(own[0].points.length, 30)
    assert.deepEqual([own[0].points.at(-1).granted, own[0].points.at(-1).refused], [1, 1])
    const foreign = await reader(world, 'evil')
    assert.deepEqual(
      (await foreign(`/test/activity/counts?${query}`)).body.series.map(
        ({ granted, refused }: { granted: number; refused: number }) => [granted, refused],
      ),
      [
        [0, 0],
        [0, 0],
      ],
    )
    assert.equal((await read('/test/activity/counts?from=2026-01-01T00:00:00Z')).status, 422)
    assert.equal(
      (await read('/test/activity/counts?to=2020-01-01T00:00:00Z&from=2026-01-01T00:00:00Z')).status,
      422,
    )
    await world.close()
  })

  test(`${dialect}: a client that asks for a token per call is told, with the code that mends it`, async () => {
    const world = await createWorld({ dialect })
    const read = await reader(world)
    const waster = await world.makeClient({ scopes: ['event'] })
    const saver = await world.makeClient({ scopes: ['event'] })
    const call = async (token: string) =>
      world.inject({ url: '/notification/events', headers: { authorization: `Bearer ${token}` } })
    const kept = await world.token(['event'], saver)
    for (let index = 0; index < 25; index += 1) {
      await call(await world.token(['event'], waster))
      await call(kept)
    }
    const { body } = await read('/test/reuse')
    const of = (id: string) => body.items.find((item: { clientId: string }) => item.clientId === id)
    assert.deepEqual(
      [of(waster.clientId).verdict, of(waster.clientId).tokenRequestsPer100Calls],
      ['poor', 100],
    )
    assert.deepEqual([of(saver.clientId).verdict, of(saver.clientId).apiCalls], ['healthy', 25])
    assert.match(body.codeChange.sdk, /createClient/)
    assert.match(body.codeChange.fetch, /expires_in/)
    assert.equal((await read(`/test/reuse?clientId=${saver.clientId}`)).body.items.length, 1)
    await world.close()
  })

  test(`${dialect}: scopes that were neither asked for nor called with for 30 days are found`, async () => {
    const world = await createWorld({ dialect })
    const read = await reader(world)
    const client = await world.makeClient({ scopes: ['event', 'identify', 'document_read'] })
    const token = await world.token(['event', 'identify'], client)
    await world.inject({ url: '/notification/events', headers: { authorization: `Bearer ${token}` } })
    const path = `/test/api-clients/${client.clientId}/unused-scopes`
    const young = await read(path)
    assert.deepEqual([young.body.unused, young.body.judgedFrom], [[], '2026-12-24T12:00:00.000Z'])
    assert.match(young.body.sentence, /too young/)
    world.clock.advance(29 * 86_400_000)
    await world.inject(tokenRequest(client, form('identify')))
    world.clock.advance(2 * 86_400_000)
    const { body } = await read(path)
    assert.deepEqual([body.unused, body.judgedFrom], [['event', 'document_read'], null])
    const event = body.scopes.find(({ scope }: { scope: string }) => scope === 'event')
    assert.deepEqual([event.lastRequestedAt, event.lastCalledAt], Array(2).fill('2026-11-24T12:00:00.000Z'))
    assert.equal((await (await reader(world, 'evil'))(path)).status, 404)
    await world.close()
  })

  test(`${dialect}: the clients that still use the deprecated host are found`, async () => {
    const world = await createWorld({
      dialect,
      settings: { LATCHKEY_DEPRECATED_HOSTS: 'old.example', LATCHKEY_DEPRECATED_SINCE: '2026-10-01' },
    })
    const read = await reader(world)
    const client = await world.makeClient({ scopes: ['event'] })
    for (const host of ['old.example', 'OLD.example:443', 'new.example']) {
      const request = tokenRequest(client, form('event'))
      await world.inject({ ...request, headers: { ...request.headers, host } })
    }
    const { body } = await read('/test/deprecated-host-use')
    assert.deepEqual(body, {
      hosts: ['old.example'],
      deprecatedSince: '2026-10-01T00:00:00.000Z',
      sunset: null,
      items: [
        { clientId: client.clientId, host: 'old.example', count: 2, lastAt: '2026-11-24T12:00:00.000Z' },
      ],
    })
    assert.deepEqual((await (await reader(world, 'evil'))('/test/deprecated-host-use')).body.items, [])
    await world.close()
  })
}
