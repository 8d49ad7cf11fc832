import assert from 'node:assert/strict'
import { test } from 'node:test'
import { dialectsOfRun } from '../testing/database.ts'
import { createWorld } from '../testing/world.ts'

const wish = { scopes: ['account_write'] }
const body = { name: 'One', scopes: ['event'] }

async function makeWorld(dialect: (typeof dialectsOfRun)[number]) {
  const world = await createWorld({ dialect })
  const token = await world.token(wish.scopes, wish)
  const create = (
    key: string | undefined,
    payload: object = body,
    bearer = token,
    url = '/account/test/api-clients',
  ) =>
    world.inject({
      method: 'POST',
      url,
      headers: { authorization: `Bearer ${bearer}`, ...(key !== undefined && { 'idempotency-key': key }) },
      payload,
    })
  const { db } = world.database
  const made = async () =>
    (await db.selectFrom('client').select('id').where('name', '=', 'One').execute()).length
  return { world, create, made, db }
}

for (const dialect of dialectsOfRun) {
  test(`${dialect}: a creation sent again with its key makes nothing twice and says that it is the answer of before`, async () => {
    const { world, create, made, db } = await makeWorld(dialect)
    const first = await create('a-key')
    assert.equal(first.statusCode, 201, first.body)
    assert.equal(first.headers['idempotency-replayed'], undefined)
    for (const [again, what] of [
      [await create('a-key'), 'the same bytes'],
      [await create('a-key', { scopes: ['event'], name: 'One' }), 'members in another order'],
      [
        await create('a-key', body, undefined, '/account/%74est/api-clients'),
        'the address written otherwise',
      ],
    ] as const) {
      assert.deepEqual(
        [again.statusCode, again.headers['idempotency-replayed'], again.body],
        [201, 'true', first.body],
        what,
      )
      assert.deepEqual(
        [again.headers.etag, again.headers.location],
        [first.headers.etag, first.headers.location],
      )
    }
    assert.equal(await made(), 1)
    const kept = await db.selectFrom('idempotent_answer').selectAll().execute()
    const { secret } = first.json()
    const shown = Object.values({ ...secret }).find((value) => String(value).startsWith('lk_test_'))
    assert.ok(typeof shown === 'string' && !JSON.stringify(kept).includes(shown.slice(-20)))
    await world.close()
  })

  test(`${dialect}: of five at once one creates and all get the same answer`, async () => {
    const { world, create, made } = await makeWorld(dialect)
    const answers = await Promise.all(Array.from({ length: 5 }, () => create('a-key')))
    assert.deepEqual(
      answers.map((answer) => answer.statusCode),
      [201, 201, 201, 201, 201],
    )
    assert.equal(new Set(answers.map((answer) => answer.body)).size, 1)
    assert.equal(answers.filter((answer) => answer.headers['idempotency-replayed'] === 'true').length, 4)
    assert.equal(await made(), 1)
    await world.close()
  })

  test(`${dialect}: another body is 409, another caller has keys of its own, a refusal keeps none, a wrong key is 400`, async () => {
    const { world, create, made } = await makeWorld(dialect)
    await create('a-key')
    const other = await create('a-key', { ...body, description: 'x' })
    assert.deepEqual([other.statusCode, other.json().title], [409, 'It conflicts with what is there'])
    assert.equal((await create('a-key', body, await world.token(wish.scopes, wish))).statusCode, 201)
    assert.equal((await create(undefined)).statusCode, 201)
    assert.equal(await made(), 3)

    assert.equal((await create('b-key', { ...body, scopes: ['no_such_scope'] })).statusCode, 422)
    assert.equal((await create('b-key')).statusCode, 201, 'mended and sent again')
    for (const key of ['two words', 'x'.repeat(256)]) assert.equal((await create(key)).statusCode, 400)
    assert.equal(await made(), 4)
    await world.close()
  })
}
