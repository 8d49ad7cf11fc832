// Reading what happened: the filters, one request with why and how to mend it, and nobody else's.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dialectsOfRun } from '../testing/database.ts'
import { createWorld, tokenRequest, type World } from '../testing/world.ts'

const form = (scope: string) => `grant_type=client_credentials&scope=${scope}`

async function reader(world: World, wish: Parameters<World['makeClient']>[0] = {}) {
  const token = await world.token(
    ['account_read'],
    await world.makeClient({ scopes: ['account_read'], ...wish }),
  )
  await world.app.recorder.flush()
  const read = async (path: string) => {
    const answer = await world.inject({
      url: `/account${path}`,
      headers: { authorization: `Bearer ${token}` },
    })
    return { status: answer.statusCode, body: answer.json() }
  }
  return { read, token }
}

for (const dialect of dialectsOfRun) {
  test(`${dialect}: each filter leaves exactly what it names`, async () => {
    const world = await createWorld({ dialect })
    const { read } = await reader(world, { clientId: 'test-the-reader-100' })
    const orders = await world.makeClient({ clientId: 'test-the-orders-200', scopes: ['event', 'identify'] })
    const { id: secretId } = await world.database.db
      .selectFrom('client_secret')
      .select('id')
      .where('client_id', '=', orders.clientId)
      .executeTakeFirstOrThrow()
    world.clock.advance(60_000)
    const since = new Date(world.clock.now()).toISOString()
    const ids: Record<string, string> = {}
    const keep = (name: string, { headers }: { headers: Record<string, unknown> }) => {
      ids[String(headers['request-id'])] = name
      world.clock.advance(1000)
    }
    keep('granted', await world.inject(tokenRequest(orders, form('event'))))
    keep('refused', await world.inject(tokenRequest(orders, form('document_read'))))
    const wrong = { ...orders, clientSecret: 'x' }
    const oldHost = { ...tokenRequest(wrong, form('event')).headers, host: 'old.example' }
    keep('wrong', await world.inject({ ...tokenRequest(wrong, form('event')), headers: oldHost }))
    const granted = await world.token(['event'], orders)
    world.clock.advance(1000)
    const call = { url: '/notification/events', headers: { authorization: `Bearer ${granted}` } }
    keep('call', await world.inject(call))
    keep('lacks', await world.inject({ ...call, url: '/signature/documents' }))
    await world.app.recorder.flush()
    const find = async (query: string) => {
      const { status, body } = await read(`/test/activity?from=${since}&${query}`)
      assert.equal(status, 200, query)
      const named: { requestId: string }[] = body.items
      return named.map(({ requestId }) => ids[requestId]).filter((name) => name !== undefined)
    }
    for (const [query, names] of [
      ['', ['lacks', 'call', 'wrong', 'refused', 'granted']],
      ['kind=api_call', ['lacks', 'call']],
      ['clientId=test-the-orders-200', ['lacks', 'call', 'wrong', 'refused', 'granted']],
      ['clientId=test-the-reader-100', []],
      ['status=401', ['wrong']],
      ['status=4xx', ['lacks', 'wrong', 'refused']],
      ['status=2xx&kind=token_request', ['granted']],
      [`operation=${encodeURIComponent('GET /notification/events')}`, ['call']],
      ['scope=document_read', ['lacks', 'refused']],
      ['error=insufficient_scope', ['lacks']],
      [`secretId=${secretId}&error=invalid_scope`, ['refused']],
      ['host=OLD.example', ['wrong']],
      [`to=${new Date(Date.parse(since) + 1500).toISOString()}`, ['refused', 'granted']],
      [`search=${Object.keys(ids)[1]}`, ['refused']],
      [`search=${Object.keys(ids)[1]?.slice(4)}&status=401`, []],
    ] as const)
      assert.deepEqual(await find(query), names, query)
    const first = await read(`/test/activity?from=${since}&clientId=test-the-orders-200&limit=4`)
    const second = await read(
      `/test/activity?from=${since}&clientId=test-the-orders-200&limit=4&cursor=${first.body.nextCursor}`,
    )
    assert.deepEqual(
      [first.body.items.length, second.body.items.length, second.body.nextCursor],
      [4, 2, null],
    )
    await world.close()
  })

  test(`${dialect}: an account reads its own alone; the operator reads all, and what is nobody’s`, async () => {
    const world = await createWorld({ dialect })
    const client = await world.makeClient({ scopes: ['event'] })
    const own = String((await world.inject(tokenRequest(client, form('event')))).headers['request-id'])
    const nobodys = String((await world.inject({ url: '/signature/documents' })).headers['request-id'])
    const mine = await reader(world)
    const production = await reader(world, { environment: 'production' })
    const foreign = await reader(world, { accountId: 'evil' })
    const operator = await world.token(
      ['operator'],
      await world.makeClient({
        accountId: 'house',
        environment: 'production',
        operator: true,
        scopes: ['operator'],
      }),
    )
    assert.equal((await mine.read(`/test/activity/${own}`)).status, 200)
    assert.equal((await mine.read(`/test/activity/${nobodys}`)).status, 404)
    assert.equal((await mine.read(`/production/activity/${own}`)).status, 403)
    assert.equal((await production.read(`/production/activity/${own}`)).status, 404)
    assert.equal((await foreign.read(`/test/activity/${own}`)).status, 404)
    assert.equal((await mine.read('/deployment/activity')).status, 403)
    assert.equal((await mine.read(`/deployment/activity/${own}`)).status, 403)
    assert.equal((await mine.read('/elsewhere/activity')).status, 400)
    const listed = await foreign.read('/test/activity?limit=100')
    assert.deepEqual(
      listed.body.items.filter(({ requestId }: { requestId: string }) => requestId === own),
      [],
    )
    const asOperator = async (path: string) => {
      const headers = { authorization: `Bearer ${operator}` }
      return (await world.inject({ url: `/account/deployment/activity${path}`, headers })).json()
    }
    const found = new Map<string, unknown>(
      (await asOperator('?limit=100')).items.map((item: { requestId: string }) => [item.requestId, item]),
    )
    assert.ok(found.has(own) && found.has(nobodys))
    const one = await asOperator(`/${nobodys}`)
    assert.deepEqual([one.accountId, one.environment, one.clientId], [null, null, null])
    assert.match(one.whatHappened, /^A call of GET \/signature\/documents by nobody that we know was refused/)
    await world.close()
  })
}

test('a missing scope is explained with a link that picks it out, and the request as a command', async () => {
  const world = await createWorld()
  const client = await world.makeClient({ scopes: ['event'] })
  const token = await world.token(['event'], client)
  const call = await world.inject({
    url: '/signature/documents/doc_1',
    headers: { authorization: `Bearer ${token}` },
    remoteAddress: '203.0.113.7',
  })
  const asked = await world.inject(tokenRequest(client, form('event+identify+unheard_of')))
  const { read } = await reader(world)
  const edit = (scope: string) =>
    `${world.url}/test/account/api-clients/${client.clientId}/edit?advanced=1&scope=${scope}#scopes`

  const { body } = await read(`/test/activity/${call.headers['request-id']}`)
  assert.match(body.why, /^This call needs document_read\. .* The request came from 203\.0\.113\.7\.$/)
  assert.deepEqual([body.fix.editUrl, body.fix.missingScopes], [edit('document_read'), ['document_read']])
  assert.equal(body.fix.docsUrl, `${world.url}/docs/errors/insufficient_scope`)
  assert.ok(body.fix.steps.length > 0)
  assert.equal(
    body.curl,
    `curl -H 'Authorization: Bearer ACCESS_TOKEN' '${world.url}/signature/documents/DOCUMENT_ID'`,
  )

  const refused = (await read(`/test/activity/${asked.headers['request-id']}`)).body
  assert.deepEqual([refused.fix.editUrl, refused.fix.missingScopes], [edit('identify'), ['identify']])
  assert.equal(
    refused.curl,
    `curl -u '${client.clientId}:CLIENT_SECRET' -d grant_type=client_credentials --data-urlencode 'scope=event identify unheard_of' '${world.url}/oauth/connect/token'`,
  )
  await world.close()
})

test('the command is one word for a shell wherever the caller put quotes', async () => {
  const world = await createWorld()
  const client = await world.makeClient({ scopes: ['event'] })
  const answer = await world.inject(tokenRequest(client, form(encodeURIComponent("';reboot;'$(x)`"))))
  const { read } = await reader(world)
  const { body } = await read(`/test/activity/${answer.headers['request-id']}`)
  assert.ok(body.curl.includes(`--data-urlencode 'scope='\\'';reboot;'\\''$(x)\`'`), body.curl)
  await world.close()
})

test('a granted request has nothing to mend', async () => {
  const world = await createWorld()
  const client = await world.makeClient({ scopes: ['event'] })
  const answer = await world.inject(tokenRequest(client, form('event')))
  const { read } = await reader(world)
  const { body } = await read(`/test/activity/${answer.headers['request-id']}`)
  assert.deepEqual([body.granted, body.why, body.fix], [true, null, null])
  await world.close()
})

test('filters that are none, and times that are none, are refused in words', async () => {
  const world = await createWorld()
  const { read } = await reader(world)
  for (const [query, status] of [
    ['status=4x', 400],
    ['kind=other', 400],
    ['operation=%00', 400],
    ['accountId=evil', 400],
    ['search=%25', 400],
    ['cursor=abc', 400],
    ['from=yesterday', 400],
    ['from=2026-12-31T23:59:60Z', 422],
    ['from=2026-11-24T12:00:00Z&to=2026-11-24T12:00:00Z', 422],
    ['limit=101', 400],
  ] as const) {
    const answer = await read(`/test/activity?${query}`)
    assert.equal(answer.status, status, query)
    assert.ok(answer.body.detail.length > 10)
  }
  await world.close()
})
