import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dialectsOfRun } from '../testing/database.ts'
import { callerWith, makeOperator, trailOf } from '../testing/operator.ts'
import { createWorld, tokenRequest } from '../testing/world.ts'

const any = { 'if-match': '*' }

for (const dialect of dialectsOfRun) {
  test(`${dialect}: an operator creates, finds, reads and renames accounts, and the trail of each says it`, async () => {
    const world = await createWorld({ dialect })
    const { call, client } = await makeOperator(world)
    const key = { 'idempotency-key': 'one' }
    const made = await call('POST', '/accounts', { id: 'young', name: 'Young <b>& Co</b>' }, key)
    assert.equal(made.statusCode, 201, made.body)
    assert.deepEqual(made.json(), {
      id: 'young',
      name: 'Young <b>& Co</b>',
      production: 'none',
      operator: false,
      grantedScopes: [],
      clients: { test: 0, production: 0 },
      version: 1,
      createdAt: new Date(world.clock.now()).toISOString(),
    })
    assert.deepEqual([made.headers.etag, made.headers.location], ['"1"', '/account/accounts/young'])
    const again = await call('POST', '/accounts', { id: 'young', name: 'Young <b>& Co</b>' }, key)
    assert.deepEqual([again.json(), again.headers['idempotency-replayed']], [made.json(), 'true'])
    const taken = await call('POST', '/accounts', { id: 'young', name: 'x' })
    assert.equal(taken.statusCode, 409)
    const unnamed = await call('POST', '/accounts', { name: 'Älv 100%_' })
    assert.match(unnamed.json().id, /^acc_[0-9a-f-]{36}$/)

    const renamed = await call('PATCH', '/accounts/young', { name: 'Grown' }, { 'if-match': '"1"' })
    assert.deepEqual([renamed.statusCode, renamed.json().name, renamed.headers.etag], [200, 'Grown', '"2"'])
    const late = await call('PATCH', '/accounts/young', { name: 'Late' }, { 'if-match': '"1"' })
    assert.deepEqual(
      [late.statusCode, late.json().changes[0].before, late.json().changes[0].after],
      [412, { name: 'Young <b>& Co</b>' }, { name: 'Grown' }],
    )
    const find = async (query: string) => {
      const { items } = (await call('GET', `/accounts?${query}`)).json()
      return items.map(({ id }: { id: string }) => id)
    }
    assert.deepEqual(await find('search=GROWN'), ['young'])
    assert.deepEqual(await find('search=oun'), ['young'], 'by id')
    assert.deepEqual(await find(`search=${encodeURIComponent('älv 100%_')}`), [unnamed.json().id])
    assert.deepEqual(await find('search=%25'), [unnamed.json().id], 'a percent sign is a letter')
    assert.deepEqual(await find('search=Young%20%3C'), [], 'the old name is gone')
    assert.deepEqual(await find('limit=100'), [unnamed.json().id, 'house', 'young'])

    const trail = await trailOf(world, 'account', 'young')
    assert.deepEqual(
      trail.map(({ accountId, environment, by, action, version }) => [
        accountId,
        environment,
        by,
        action,
        version,
      ]),
      [
        ['young', null, client.clientId, 'account.created', 1],
        ['young', null, client.clientId, 'account.changed', 2],
      ],
    )
    await world.close()
  })

  test(`${dialect}: production is approved and withdrawn; production clients go on, new ones are refused`, async () => {
    const world = await createWorld({ dialect })
    const { call } = await makeOperator(world)
    await call('POST', '/accounts', { id: 'young', name: 'Young' })
    const approved = await call('POST', '/accounts/young/approve-production')
    assert.deepEqual([approved.json().production, approved.headers.etag], ['approved', '"2"'])
    const scopes = ['account_read', 'account_write', 'event']
    const client = await world.makeClient({ accountId: 'young', environment: 'production', scopes })
    const own = callerWith(world, await world.token(['account_read', 'account_write'], client))
    assert.equal((await own('GET', '')).json().productionNeeds, null)
    const create = () => own('POST', '/production/api-clients', { name: 'Live', scopes: ['event'] })
    const first = await create()
    assert.equal(first.statusCode, 201, first.body)

    const stale = await call('POST', '/accounts/young/withdraw-production', undefined, { 'if-match': '"1"' })
    assert.equal(stale.statusCode, 412)
    const withdrawn = await call('POST', '/accounts/young/withdraw-production')
    assert.deepEqual(
      [withdrawn.json().production, withdrawn.json().clients, withdrawn.headers.etag],
      ['none', { test: 0, production: 2 }, '"3"'],
      withdrawn.body,
    )
    assert.match(withdrawn.json().notice, /^Its 2 production clients go on until they are disabled/)
    const again = await call('POST', '/accounts/young/withdraw-production')
    assert.equal(again.headers.etag, '"3"', 'again: nothing changes')
    const form = 'grant_type=client_credentials&scope=event'
    assert.equal((await world.inject(tokenRequest(client, form))).statusCode, 200)
    assert.equal((await create()).statusCode, 403)
    const id = first.json().id ?? first.json().client?.id
    const more = { scopes: ['event', 'identify'] }
    assert.equal((await own('PATCH', `/production/api-clients/${id}`, more, any)).statusCode, 403)
    assert.match((await own('GET', '')).json().productionNeeds, /operator of this service approves/)
    assert.deepEqual(
      (await trailOf(world, 'account', 'young')).map(({ action }) => action),
      ['account.created', 'account.production_approved', 'account.production_withdrawn'],
    )
    await world.close()
  })

  test(`${dialect}: a scope taken from an account is taken from its clients, in one transaction and audited`, async () => {
    const world = await createWorld({ dialect })
    const { call } = await makeOperator(world)
    const audiences = { production: 'https://orders.example', test: 'https://test.orders.example' }
    const scopes = [
      { name: 'orders_admin', description: 'x', access: 'granted' },
      // As a pattern `_` would find it.
      { name: 'orders-admin', description: 'x' },
    ]
    await call('POST', '/apis', { id: 'orders', name: 'Orders', audiences, scopes })
    await call('POST', '/accounts', { id: 'other', name: 'Other' })
    const manage = ['account_read', 'account_write']
    const own = callerWith(world, await world.token(manage, { accountId: 'acme' }))
    const create = () => own('POST', '/test/api-clients', { name: 'Admin', scopes: ['orders_admin'] })
    assert.equal((await create()).statusCode, 403, 'not yet')
    const given = await call('PUT', '/accounts/acme/scopes/orders_admin')
    assert.deepEqual([given.json().grantedScopes, given.headers.etag], [['orders_admin'], '"2"'], given.body)
    assert.equal((await call('PUT', '/accounts/acme/scopes/orders_admin')).headers.etag, '"2"')
    assert.deepEqual((await own('GET', '')).json().grantedScopes, ['orders_admin'])
    assert.equal((await create()).statusCode, 201)

    const client = await world.makeClient({ scopes: ['event', 'orders-admin', 'orders_admin'] })
    const live = await world.makeClient({ environment: 'production', scopes: ['orders_admin'] })
    const bystander = await world.makeClient({ accountId: 'other', scopes: ['orders_admin'] })
    const ask = async (who: typeof client, scope: string) =>
      (await world.inject(tokenRequest(who, `grant_type=client_credentials&scope=${scope}`))).statusCode
    assert.equal(await ask(client, 'orders_admin'), 200)
    const taken = await call('DELETE', '/accounts/acme/scopes/orders_admin')
    const { grantedScopes, clientsChanged, effectiveOn } = taken.json()
    assert.deepEqual([taken.statusCode, grantedScopes, clientsChanged], [200, [], 3], taken.body)
    assert.equal(effectiveOn.missing.length, 0)
    assert.deepEqual(
      [
        await ask(client, 'orders_admin'),
        await ask(client, 'orders-admin'),
        await ask(live, 'orders_admin'),
        await ask(bystander, 'orders_admin'),
      ],
      [400, 200, 400, 200],
    )
    const [entry] = await trailOf(world, 'client', client.clientId)
    assert.deepEqual(
      [entry?.action, entry?.accountId, entry?.environment, entry?.version, entry?.before, entry?.after],
      [
        'client.changed',
        'acme',
        'test',
        2,
        { scopes: ['event', 'orders-admin', 'orders_admin'] },
        { scopes: ['event', 'orders-admin'] },
      ],
    )
    assert.equal((await call('DELETE', '/accounts/acme/scopes/orders_admin')).statusCode, 404)
    assert.equal((await create()).statusCode, 403)
    assert.deepEqual(
      (await trailOf(world, 'account', 'acme')).map(({ action, before, after }) => [action, before, after]),
      [
        ['account.scope_granted', null, { scope: 'orders_admin' }],
        ['account.scope_taken', { scope: 'orders_admin' }, null],
      ],
    )
    await world.close()
  })

  test(`${dialect}: accounts are paged in the order of their ids, each once`, async () => {
    const world = await createWorld({ dialect })
    const { call } = await makeOperator(world)
    for (const id of ['a-1', 'a_1', 'a1', 'b', 'aa']) await call('POST', '/accounts', { id, name: id })
    const found: string[] = []
    let cursor = ''
    do {
      const { items, nextCursor } = (await call('GET', `/accounts?limit=2${cursor}`)).json()
      found.push(...items.map(({ id }: { id: string }) => id))
      cursor = nextCursor === null ? '' : `&cursor=${nextCursor}`
    } while (cursor !== '')
    assert.deepEqual(found.toSorted(), ['a-1', 'a1', 'a_1', 'aa', 'b', 'house'].toSorted())
    await world.close()
  })
}

test('what is missing or cannot be is refused in its own way', async () => {
  const world = await createWorld()
  const { call } = await makeOperator(world)
  await call('POST', '/accounts', { id: 'young', name: 'Young' })
  for (const [method, path, body, headers, status] of [
    ['GET', '/accounts/nobody', undefined, {}, 404],
    ['GET', '/accounts/A%00', undefined, {}, 400],
    ['GET', '/accounts?search=%00', undefined, {}, 400],
    ['GET', '/accounts?limit=101', undefined, {}, 400],
    ['GET', '/accounts?cursor=LQ', undefined, {}, 400],
    ['POST', '/accounts', {}, {}, 400],
    ['POST', '/accounts', { name: 'a\nb' }, {}, 400],
    ['POST', '/accounts', { name: '' }, {}, 400],
    ['POST', '/accounts', { name: 'x', id: 'UPPER' }, {}, 400],
    ['POST', '/accounts', { name: 'x', operator: true }, {}, 400],
    ['POST', '/accounts', { name: 'x', production: 'approved' }, {}, 400],
    ['PATCH', '/accounts/young', { name: 'x' }, {}, 428],
    ['PATCH', '/accounts/young', {}, any, 400],
    ['PATCH', '/accounts/young', { production: 'approved' }, any, 400],
    ['PATCH', '/accounts/nobody', { name: 'x' }, any, 404],
    ['POST', '/accounts/nobody/approve-production', undefined, {}, 404],
    ['POST', '/accounts/nobody/withdraw-production', undefined, {}, 404],
    ['PUT', '/accounts/nobody/scopes/event', undefined, {}, 404],
    ['PUT', '/accounts/young/scopes/nothing', undefined, {}, 404],
    ['PUT', '/accounts/young/scopes/event', undefined, {}, 409],
    ['PUT', '/accounts/young/scopes/operator', undefined, {}, 409],
    ['DELETE', '/accounts/young/scopes/event', undefined, {}, 404],
    ['DELETE', '/accounts/nobody/scopes/event', undefined, {}, 404],
  ] as const) {
    const answer = await call(method, path, body, headers)
    assert.equal(answer.statusCode, status, `${method} ${path} ${JSON.stringify(body)}: ${answer.body}`)
  }
  await world.close()
})

test('nobody but an operator sees or changes other accounts', async () => {
  const world = await createWorld()
  const manage = ['account_read', 'account_write']
  const live = await world.makeClient({
    accountId: 'house',
    environment: 'production',
    operator: true,
    scopes: manage,
  })
  const callers = [
    callerWith(world, await world.token(manage, live)),
    callerWith(world, await world.token(['operator'], { accountId: 'house', scopes: ['operator'] })),
    callerWith(world, await world.token(['operator'], { environment: 'production', scopes: ['operator'] })),
  ]
  for (const call of callers) {
    for (const [method, path, body] of [
      ['GET', '/accounts', undefined],
      ['GET', '/accounts/acme', undefined],
      ['POST', '/accounts', { name: 'x' }],
      ['PATCH', '/accounts/acme', { name: 'x' }],
      ['POST', '/accounts/acme/approve-production', undefined],
      ['POST', '/accounts/acme/withdraw-production', undefined],
      ['PUT', '/accounts/acme/scopes/event', undefined],
      ['DELETE', '/accounts/acme/scopes/event', undefined],
    ] as const)
      assert.equal((await call(method, path, body, any)).statusCode, 403, `${method} ${path}`)
  }
  await world.close()
})
