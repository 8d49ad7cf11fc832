// GET /account/:environment/api-clients and GET …/:clientId.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CompiledQuery } from 'kysely'
import { type AccountTestCaller, makeAccountCaller } from '../testing/account-caller.ts'
import { testDialects } from '../testing/database.ts'
import { insertManyClients } from '../testing/many-clients.ts'
import { createWorld } from '../testing/world.ts'
import { clientListQuery } from './list-store.ts'

const owner = { accountId: 'acme', environment: 'test' } as const

/** The ids of all pages, and how many pages there were. */
async function readAll(
  { call }: AccountTestCaller,
  query: string,
): Promise<{ ids: string[]; pages: number }> {
  const ids: string[] = []
  let pages = 0
  for (let cursor = ''; ; pages += 1) {
    const { status, body, text } = await call('GET', `/api-clients?limit=100${query}${cursor}`)
    assert.equal(status, 200, text)
    ids.push(...body.items.map(({ id }: { id: string }) => id))
    if (body.nextCursor === null) return { ids, pages: pages + 1 }
    cursor = `&cursor=${body.nextCursor}`
  }
}

for (const dialect of testDialects) {
  test(`${dialect}: 10,000 clients are paged through newest first, each once, and searched`, async () => {
    const world = await createWorld({ dialect })
    const caller = await makeAccountCaller(world)
    await insertManyClients(world, owner, 9_999)
    await insertManyForeign()
    const { ids, pages } = await readAll(caller, '')
    const expected = [
      caller.client.clientId,
      ...Array.from({ length: 9_999 }, (_, index) => `many-${9_999 - index}`),
    ]
    assert.deepEqual(ids, expected)
    assert.equal(pages, 100)
    const found = (await readAll(caller, '&search=CLIENT%20999')).ids
    assert.equal(found.length, 11)
    assert.equal((await readAll(caller, '&search=any-123')).ids.length, 11)
    assert.equal((await readAll(caller, '&scope=identify&search=client%2099')).ids.length, 56)
    await world.close()

    async function insertManyForeign() {
      // Others have as many, and in between.
      await world.makeClient({ accountId: 'globex', clientId: 'test-globex-one-100' })
      await world.makeClient({ accountId: 'acme', environment: 'production' })
    }
  })

  test(`${dialect}: a page of 10,000 clients is read by the index, without sorting`, async () => {
    const world = await createWorld({ dialect })
    await makeAccountCaller(world)
    await insertManyClients(world, owner, 9_999)
    const { db } = world.database
    const below = { createdAt: world.clock.now() - 86_400_000 + 5000, id: 'many-5000' }
    const now = world.clock.now()
    const query = clientListQuery(db, owner, { below, limit: 25 }, now).compile()
    const explain = dialect === 'sqlite' ? 'explain query plan ' : 'explain (analyze, format json) '
    if (dialect === 'postgres') await db.executeQuery(CompiledQuery.raw('analyze client'))
    const { rows } = await db.executeQuery(CompiledQuery.raw(explain + query.sql, [...query.parameters]))
    const plan = JSON.stringify(rows)
    assert.match(plan, /client_by_birth/)
    assert.doesNotMatch(plan, /TEMP B-TREE|"Sort"|Seq Scan/)
    await world.close()
  })

  test(`${dialect}: a search takes % and _ as letters, and any letter case`, async () => {
    const world = await createWorld({ dialect })
    const { call } = await makeAccountCaller(world)
    for (const name of ['100% Ærlig', '1000 ærlig', 'a_b', 'aXb', 'back\\slash'])
      assert.equal((await call('POST', '/api-clients', { name })).status, 201)
    for (const [search, names] of [
      ['0%', ['100% Ærlig']],
      ['ÆRLIG', ['1000 ærlig', '100% Ærlig']],
      ['A_B', ['a_b']],
      ['a%b', []],
      ['back\\', ['back\\slash']],
      ['\\', ['back\\slash']],
      ['nothing', []],
    ] as const) {
      const { body } = await call('GET', `/api-clients?search=${encodeURIComponent(search)}`)
      assert.deepEqual(
        body.items.map(({ name }: { name: string }) => name).toSorted(),
        names.toSorted(),
        search,
      )
    }
    await world.close()
  })

  test(`${dialect}: a list is filtered by state and scope, and says what is known of secrets`, async () => {
    const world = await createWorld({ dialect })
    const { call, client } = await makeAccountCaller(world)
    const make = async (name: string, scopes: string[]) =>
      (await call('POST', '/api-clients', { name, scopes })).body
    const a = await make('a', ['event'])
    const b = await make('b', ['event', 'document_read'])
    const c = await make('c', ['document_file'])
    await call('POST', `/api-clients/${b.client.id}/disable`)
    await call('DELETE', `/api-clients/${c.client.id}`)
    const names = async (query: string) =>
      (await call('GET', `/api-clients?${query}`)).body.items
        .map(({ name }: { name: string }) => name)
        .toSorted()
    assert.deepEqual(await names(''), ['Test client', 'a', 'b'])
    assert.deepEqual(await names('state=active'), ['Test client', 'a'])
    assert.deepEqual(await names('state=disabled'), ['b'])
    assert.deepEqual(await names('state=deleted'), ['c'])
    assert.deepEqual(await names('scope=event'), ['a', 'b'])
    assert.deepEqual(await names('scope=document_read'), ['b'])
    assert.deepEqual(await names('scope=document_rea'), [])
    assert.deepEqual(await names('scope=document_file&state=deleted'), ['c'])
    world.clock.advance(1000)
    await world.token(['event'], { clientId: a.client.id, clientSecret: a.secret.secret })
    await world.app.lastUsed.flush()
    const listed = (await call('GET', '/api-clients?search=a&state=active')).body.items.find(
      ({ id }: { id: string }) => id === a.client.id,
    )
    assert.deepEqual(listed, {
      id: a.client.id,
      name: 'a',
      state: 'active',
      scopes: ['event'],
      createdAt: new Date(world.clock.now() - 1000).toISOString(),
      disabledAt: null,
      deletedAt: null,
      undoUntil: null,
      secrets: { alive: 1, oldestCreatedAt: new Date(world.clock.now() - 1000).toISOString() },
      lastUsedAt: new Date(world.clock.now()).toISOString(),
    })
    world.clock.advance(600_000)
    const later = await makeAccountCaller(world)
    assert.deepEqual((await later.call('GET', '/api-clients?state=deleted')).body.items, [])
    assert.equal((await later.call('GET', `/api-clients/${c.client.id}`)).status, 404)
    assert.equal((await later.call('GET', `/api-clients/${client.clientId}`)).status, 200)
    await world.close()
  })
}

for (const [what, query, status, type] of [
  ['a limit of 0', 'limit=0', 400, 'invalid_request'],
  ['a limit of 101', 'limit=101', 400, 'invalid_request'],
  ['an unknown state', 'state=away', 400, 'invalid_request'],
  ['an unknown member', 'sort=name', 400, 'invalid_request'],
  ['a zero character', 'search=a%00', 400, 'invalid_request'],
  ['a broken cursor', 'cursor=abc', 400, 'invalid_cursor'],
  ['a cursor with a quote', `cursor=${Buffer.from("5 a'b").toString('base64url')}`, 400, 'invalid_cursor'],
  ['a cursor of nobody', `cursor=${Buffer.from('5 nobody').toString('base64url')}`, 200, ''],
] as const)
  test(`listing clients with ${what} answers ${status}`, async () => {
    const world = await createWorld()
    const { call } = await makeAccountCaller(world)
    const answer = await call('GET', `/api-clients?${query}`)
    assert.equal(answer.status, status, answer.text)
    if (type !== '') assert.ok(answer.body.type.endsWith(type))
    await world.close()
  })

test('a client of another account or environment is not there, nor is one that never was', async () => {
  const world = await createWorld()
  const own = await makeAccountCaller(world)
  const other = await makeAccountCaller(world, { accountId: 'globex' })
  const production = await world.makeClient({ environment: 'production' })
  for (const id of [other.client.clientId, production.clientId, 'test-no-such-100']) {
    const answer = await own.call('GET', `/api-clients/${id}`)
    assert.equal(answer.status, 404)
    assert.ok(!answer.text.includes(id))
  }
  assert.equal((await own.call('GET', '/api-clients/a%00b')).status, 400)
  const staging = await world.inject({
    url: '/account/staging/api-clients',
    headers: { authorization: `Bearer ${own.token}` },
  })
  assert.equal(staging.statusCode, 400)
  await world.close()
})

test('a client warns of scopes that will be or are retired', async () => {
  const world = await createWorld()
  const { call } = await makeAccountCaller(world)
  const made = await call('POST', '/api-clients', { name: 'a', scopes: ['event', 'identify'] })
  const { db } = world.database
  await db
    .updateTable('scope')
    .set({ deprecated_at: 1, deprecation_note: 'Use webhooks.' })
    .where('name', '=', 'event')
    .execute()
  await db.updateTable('scope').set({ retired_at: 1 }).where('name', '=', 'identify').execute()
  await world.app.catalogue.reload()
  const { body } = await call('GET', `/api-clients/${made.body.client.id}`)
  assert.deepEqual(
    body.warnings.slice(0, 2).map(({ code, message }: { code: string; message: string }) => [code, message]),
    [
      ['retired_scopes', 'No token gets these any more: identify.'],
      ['deprecated_scopes', 'These will be retired: event (Use webhooks.).'],
    ],
  )
  await world.close()
})
