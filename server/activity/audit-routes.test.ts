import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type AuditEntry, recordAudit } from '../audit.ts'
import { dialectsOfRun } from '../testing/database.ts'
import { createWorld, type World } from '../testing/world.ts'
import { readChainLine } from './audit-file-line.ts'
import { verifyAuditRows } from './audit-verification.ts'

const actor = {
  kind: 'client',
  id: 'test-quiet-fjord-482',
  address: '192.0.2.7',
  requestId: 'req_1',
} as const

async function record(world: World, wish: Partial<AuditEntry> = {}): Promise<void> {
  const object = { kind: 'client', id: 'test-quiet-fjord-482', version: 2 } as const
  const entry = { accountId: 'acme', environment: 'test', actor, action: 'client.changed', object } as const
  const members = { before: { name: 'old' }, after: { name: 'new' } }
  await world.database.db
    .transaction()
    .execute((tx) => recordAudit(tx, { ...entry, ...members, ...wish }, world.newId, world.clock.now()))
  world.clock.advance(1000)
}

/** Some of everything: both environments, both, another account, the deployment. */
async function makeWorld(dialect: World['database']['dialect']) {
  const world = await createWorld({ dialect })
  const tokens = {
    test: await world.token(['account_read']),
    production: await world.token(['account_read'], { scopes: ['account_read'], environment: 'production' }),
    operator: await world.token(['operator'], {
      scopes: ['operator'],
      environment: 'production',
      accountId: 'us',
      operator: true,
    }),
  }
  await record(world, { action: 'client.created', before: null })
  await record(world, { environment: 'production', object: { kind: 'secret', id: 'sec_1' } })
  await record(world, {
    environment: null,
    action: 'account.changed',
    object: { kind: 'account', id: 'acme' },
  })
  await record(world, { accountId: 'other' })
  await record(world, { accountId: null, environment: null, object: { kind: 'signing_key', id: 'key_1' } })
  await record(world, { actor: { ...actor, kind: 'member', id: 'mem_1' } })
  const read = (token: string, url: string) =>
    world.inject({ url: `/account${url}`, headers: { authorization: `Bearer ${token}` } })
  return { world, tokens, read }
}

interface Item {
  id: string
  seq?: number
  at: string
  action: string
  object: { id: string }
}

for (const dialect of dialectsOfRun) {
  test(`${dialect}: an account's trail says who, what, when, from where, before and after, newest first`, async () => {
    const { world, tokens, read } = await makeWorld(dialect)
    const answer = await read(tokens.test, '/audit')
    assert.equal(answer.statusCode, 200, answer.body)
    const { items, nextCursor } = answer.json()
    assert.equal(nextCursor, null)
    const [first, ...more] = items
    assert.deepEqual(first, {
      id: first.id,
      at: '2026-11-24T12:00:05.000Z',
      environment: 'test',
      actor: { kind: 'member', id: 'mem_1' },
      address: '192.0.2.7',
      requestId: 'req_1',
      action: 'client.changed',
      object: { kind: 'client', id: 'test-quiet-fjord-482', version: 2 },
      before: { name: 'old' },
      after: { name: 'new' },
    })
    assert.deepEqual(
      more.map((item: Item) => item.action),
      ['account.changed', 'client.created'],
    )
    assert.equal(more[1].before, null)
    await world.close()
  })

  test(`${dialect}: a token sees its environment and what concerns both, of its own account alone`, async () => {
    const { world, tokens, read } = await makeWorld(dialect)
    const seen = async (token: string, url = '/audit') =>
      (await read(token, url)).json().items.map((item: Item) => item.object.id)
    assert.deepEqual(await seen(tokens.test), ['test-quiet-fjord-482', 'acme', 'test-quiet-fjord-482'])
    assert.deepEqual(await seen(tokens.production), ['acme', 'sec_1'])
    assert.deepEqual(await seen(tokens.production, '/audit?environment=production'), ['sec_1'])
    const wrong = await read(tokens.production, '/audit?environment=test')
    assert.deepEqual(
      [wrong.statusCode, wrong.json().title],
      [403, 'The token belongs to the other environment'],
    )
    // By object, which is another way through the table.
    const byObject = '/audit?objectKind=client&objectId=test-quiet-fjord-482'
    assert.equal((await seen(tokens.test, byObject)).length, 2)
    assert.deepEqual(await seen(tokens.production, byObject), [])
    assert.deepEqual(await seen(tokens.test, '/audit?objectKind=signing_key&objectId=key_1'), [])
    assert.deepEqual(await seen(tokens.test, '/audit?objectKind=secret&objectId=sec_1'), [])
    await world.close()
  })

  test(`${dialect}: each filter narrows, also together; a foreign cursor and a wrong one are refused`, async () => {
    const { world, tokens, read } = await makeWorld(dialect)
    const count = async (query: string) => (await read(tokens.test, `/audit?${query}`)).json().items.length
    for (const [query, expected] of [
      ['action=client.created', 1],
      ['action=client.nothing', 0],
      ['objectKind=client', 2],
      ['objectId=acme', 1],
      ['objectKind=client&objectId=acme', 0],
      ['objectKind=client&objectId=test-quiet-fjord-482&action=client.created', 1],
      ['actorKind=member', 1],
      ['actorId=test-quiet-fjord-482', 2],
      ['environment=test', 2],
      ['from=2026-11-24T12:00:02Z', 2],
      ['to=2026-11-24T12:00:02Z', 1],
      ['from=2026-11-24T12:00:02Z&to=2026-11-24T12:00:05Z', 1],
      ['objectKind=client&objectId=test-quiet-fjord-482&to=2026-11-24T12:00:05Z', 1],
      ['from=2026-11-24T13:00:02%2B01:00&environment=test', 1],
    ] as const)
      assert.equal(await count(query), expected, query)
    for (const [query, detail] of [
      ['from=2026-11-24T12:00:02Z&to=2026-11-24T12:00:02Z', /from must be before to/],
      ['from=yesterday', /querystring\.from/],
      ['from=2016-12-31T23:59:60Z', /must be times/],
      ['objectKind=document', /querystring\.objectKind/],
      ['actionn=x', /actionn is not a member/],
      ['action=%00', /querystring\.action/],
      ['accountId=other', /accountId is not a member/],
      ['cursor=x', /cursor is not one of ours/],
    ] as const) {
      const answer = await read(tokens.test, `/audit?${query}`)
      assert.equal(answer.statusCode, 400, query)
      assert.match(answer.json().detail, detail)
    }
    const { nextCursor } = (await read(tokens.operator, '/deployment/audit?limit=1&accountId=other')).json()
    const foreign = await world.database.db
      .selectFrom('audit')
      .select('id')
      .where('account_id', '=', 'other')
      .executeTakeFirstOrThrow()
    const cursor = nextCursor ?? Buffer.from(foreign.id, 'latin1').toString('base64url')
    assert.equal((await read(tokens.test, `/audit?cursor=${cursor}`)).statusCode, 400)
    await world.close()
  })

  test(`${dialect}: pages show each entry once, also where a filter fits hardly any of thousands`, async () => {
    const { world, tokens, read } = await makeWorld(dialect)
    const { db } = world.database
    const row = await db
      .selectFrom('audit')
      .selectAll()
      .where('account_id', '=', 'acme')
      .where('action', '=', 'client.created')
      .executeTakeFirstOrThrow()
    const head = await db.selectFrom('audit_head').select('seq').executeTakeFirstOrThrow()
    const rows = Array.from({ length: 4300 }, (_, index) => ({
      ...{
        ...row,
        seq: head.seq + 1 + index,
        id: world.newId('aud'),
        at: row.at + 60_000 + Math.floor(index / 7),
      },
      action: index % 2000 === 3 ? 'client.rare' : 'client.common',
      environment: index % 3 === 0 ? null : ('test' as const),
    }))
    for (let from = 0; from < rows.length; from += 500)
      await db
        .insertInto('audit')
        .values(rows.slice(from, from + 500))
        .execute()
    const walk = async (query: string) => {
      const ids: string[] = []
      let pages = 0
      for (let cursor: string | null = ''; cursor !== null; pages += 1) {
        const answer = await read(tokens.test, `/audit?limit=100&${query}${cursor && `&cursor=${cursor}`}`)
        assert.equal(answer.statusCode, 200, answer.body)
        ids.push(...answer.json().items.map((item: Item) => item.id))
        cursor = answer.json().nextCursor
      }
      return { ids, pages }
    }
    const newestFirst = rows.toSorted((one, other) => other.at - one.at || other.seq - one.seq)
    const ids = newestFirst.map((one) => one.id)
    const { ids: all } = await walk('')
    assert.deepEqual(all.slice(0, rows.length), ids)
    assert.equal(all.length, rows.length + 3)
    const rare = await walk('action=client.rare')
    assert.deepEqual(
      rare.ids,
      newestFirst.flatMap((one) => (one.action === 'client.rare' ? [one.id] : [])),
    )
    assert.equal(rare.pages, 3, 'a page looks through 2000')
    const ofObject = await walk(`objectKind=${row.object_kind}&objectId=${row.object_id}`)
    assert.equal(ofObject.ids.length, rows.length + 2)
    await world.close()
  })

  test(`${dialect}: an account exports its own entries as JSON lines, oldest first`, async () => {
    const { world, tokens, read } = await makeWorld(dialect)
    const answer = await read(tokens.test, '/audit/export')
    assert.equal(answer.statusCode, 200, answer.body)
    assert.equal(answer.headers['content-type'], 'application/x-ndjson')
    assert.equal(answer.headers['cache-control'], 'no-store')
    const lines: Item[] = answer.body
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    const listed: Item[] = (await read(tokens.test, '/audit')).json().items
    assert.deepEqual(lines, listed.toReversed())
    const part = await read(tokens.test, '/audit/export?from=2026-11-24T12:00:02Z&to=2026-11-24T12:00:05Z')
    assert.equal(part.body.trimEnd().split('\n').length, 1)
    assert.equal((await read(tokens.test, '/audit/export?to=2020-01-01T00:00:00Z')).body, '')
    await world.close()
  })

  test(`${dialect}: the operator lists, exports and verifies the whole trail; nobody else does`, async () => {
    const { world, tokens, read } = await makeWorld(dialect)
    const { items } = (await read(tokens.operator, '/deployment/audit?limit=100')).json()
    const rows = await world.database.db.selectFrom('audit').selectAll().orderBy('seq').execute()
    assert.ok(rows.length >= 7, 'the first key is among them')
    assert.deepEqual(items.map((item: Item) => item.id).toSorted(), rows.map((row) => row.id).toSorted())
    const other = (await read(tokens.operator, '/deployment/audit?accountId=other')).json().items
    assert.deepEqual([other.length, other[0].accountId, other[0].hash.length], [1, 'other', 64])

    const exported = await read(tokens.operator, '/deployment/audit/export')
    const lines = exported.body.trimEnd().split('\n')
    assert.deepEqual(lines.map(readChainLine), rows)
    async function* parsed() {
      for (const line of lines) {
        const row = readChainLine(line)
        if (row) yield row
      }
    }
    const headHash = rows.at(-1)?.hash
    assert.deepEqual(await verifyAuditRows(parsed(), headHash), {
      entries: rows.length,
      headHash,
      fault: undefined,
    })

    const verify = async () => (await read(tokens.operator, '/deployment/audit/verification')).json()
    assert.deepEqual(await verify(), { entries: rows.length, headHash, brokenAt: null, problem: null })
    // What was tampered with is still listed and exported as it is.
    await world.database.db
      .updateTable('audit')
      .set({ before: 'not JSON', at: Number.MAX_SAFE_INTEGER })
      .where('seq', '=', rows.length)
      .execute()
    assert.equal((await verify()).brokenAt, rows.length)
    const [strange] = (await read(tokens.operator, '/deployment/audit')).json().items
    assert.deepEqual([strange.at, strange.before], ['invalid', { unreadable: 'not JSON' }])
    assert.equal((await read(tokens.operator, '/deployment/audit/export')).statusCode, 200)

    for (const token of [tokens.test, tokens.production]) {
      for (const url of ['/deployment/audit', '/deployment/audit/export', '/deployment/audit/verification'])
        assert.equal((await read(token, url)).statusCode, 403)
    }
    // The operator's scope is not the account's: its own trail needs account_read.
    assert.equal((await read(tokens.operator, '/audit')).statusCode, 403)
    await world.close()
  })
}
