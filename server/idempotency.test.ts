import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createDoOnce, forgetAnswers, type KeyedRequest, keptMs } from './idempotency.ts'
import { openTrail, type Trail } from './testing/audit.ts'
import { dialectsOfRun } from './testing/database.ts'
import { openVault } from './vault.ts'
import { Problem } from './vocabulary/problem.ts'

const secret = 'lk_test_AbCdEfGh_a-secret-that-is-shown-once'
const asked: KeyedRequest = {
  accountId: 'acme',
  environment: 'test',
  actor: 'client test-quiet-fjord-482',
  key: '0197b0a2-9c1e-7e3a-8d1f-2f6f1f0a9c11',
  operation: 'POST /account/test/clients',
  body: { name: 'One' },
}

/** Work that counts how often it was done, in the database: a rolled-back time does not count. */
function makeWork(trail: Trail) {
  const doOnce = createDoOnce(trail.db, openVault(Buffer.alloc(32, 3)), trail.clock.now)
  let turn = 0
  const ask = (wish: Partial<KeyedRequest> = {}, fails = false) =>
    doOnce({ ...asked, ...wish }, async (tx) => {
      turn += 1
      const key = String(turn)
      await tx.insertInto('change_log').values({ at: 0, kind: 'test', key }).execute()
      if (fails) throw new Problem('conflict', 'as it may')
      return { status: 201, body: { turn, secret } }
    })
  const done = async () => (await trail.db.selectFrom('change_log').select('key').execute()).length
  return { ask, done, doOnce }
}

for (const dialect of dialectsOfRun) {
  test(`${dialect}: the same request with the same key is done once and gets the first answer again, the secret too`, async () => {
    const trail = await openTrail(dialect)
    const { ask, done } = makeWork(trail)
    const first = await ask()
    assert.deepEqual(first, { status: 201, body: { turn: 1, secret }, repeated: false })
    assert.deepEqual(await ask(), { ...first, repeated: true })
    assert.deepEqual(await ask(), { ...first, repeated: true })
    assert.equal(await done(), 1)
    await trail.close()
  })

  test(`${dialect}: of ten at once one does it and all get its answer`, async () => {
    const trail = await openTrail(dialect)
    const { ask, done } = makeWork(trail)
    const answers = await Promise.all(Array.from({ length: 10 }, () => ask()))
    assert.equal(answers.filter((answer) => !answer.repeated).length, 1)
    assert.equal(new Set(answers.map((answer) => answer.body.turn)).size, 1)
    assert.equal(await done(), 1)
    await trail.close()
  })

  test(`${dialect}: a second one that came while the first was at it does it when the first fails`, async () => {
    const trail = await openTrail(dialect)
    const { ask, done, doOnce } = makeWork(trail)
    const [started, failing] = [Promise.withResolvers<void>(), Promise.withResolvers<never>()]
    const first = doOnce(asked, async () => {
      started.resolve()
      return failing.promise
    })
    await started.promise
    const second = ask()
    failing.reject(new Error('as it may'))
    await assert.rejects(first, /as it may/)
    assert.equal((await second).repeated, false)
    assert.equal(await done(), 1)
    await trail.close()
  })

  test(`${dialect}: work that failed leaves nothing and can be tried again with the same key`, async () => {
    const trail = await openTrail(dialect)
    const { ask, done } = makeWork(trail)
    await assert.rejects(ask({}, true), /as it may/)
    assert.equal(await done(), 0)
    assert.equal((await ask()).repeated, false)
    assert.equal((await ask()).repeated, true)
    assert.equal(await done(), 1)
    await trail.close()
  })

  for (const [what, wish] of [
    ['another body', { body: { name: 'Two' } }],
    ['another operation', { operation: 'POST /account/test/clients/x/secrets' }],
  ] as const) {
    test(`${dialect}: a key that is used again with ${what} is a conflict and does nothing`, async () => {
      const trail = await openTrail(dialect)
      const { ask, done } = makeWork(trail)
      await ask()
      await assert.rejects(ask(wish), (error) => error instanceof Problem && error.type === 'conflict')
      assert.equal(await done(), 1)
      assert.equal((await ask()).repeated, true, 'the first answer stays')
      await trail.close()
    })
  }

  for (const [whose, wish] of [
    ['of another account', { accountId: 'other' }],
    ['of another environment', { environment: 'production' }],
    ['of another client', { actor: 'client test-calm-river-117' }],
    ['that differs', { key: 'another' }],
    ['that is not there', { key: undefined }],
  ] as const) {
    test(`${dialect}: a key ${whose} is another one`, async () => {
      const trail = await openTrail(dialect)
      const { ask, done } = makeWork(trail)
      await ask()
      assert.equal((await ask(wish)).repeated, false)
      assert.equal(await done(), 2)
      await trail.close()
    })
  }

  test(`${dialect}: after 24 hours a key is as good as new, swept or not`, async () => {
    const trail = await openTrail(dialect)
    const { ask } = makeWork(trail)
    await ask()
    trail.clock.advance(keptMs - 1)
    await forgetAnswers(trail.db, trail.clock.now())
    assert.equal((await ask()).repeated, true)
    trail.clock.advance(1)
    const again = await ask({ body: { name: 'Another body' } })
    assert.deepEqual([again.repeated, again.body.turn], [false, 2])
    assert.deepEqual((await ask({ body: { name: 'Another body' } })).body, again.body)
    trail.clock.advance(keptMs)
    await forgetAnswers(trail.db, trail.clock.now())
    assert.deepEqual(await trail.db.selectFrom('idempotent_answer').select('key').execute(), [])
    await trail.close()
  })

  test(`${dialect}: the answer that is kept is sealed, and can be opened in its place alone`, async () => {
    const trail = await openTrail(dialect)
    const { ask } = makeWork(trail)
    await ask()
    const rows = await trail.db.selectFrom('idempotent_answer').selectAll().execute()
    assert.ok(!JSON.stringify(rows).includes(secret.slice(0, 12)))
    await trail.db.updateTable('idempotent_answer').set({ account_id: 'other' }).execute()
    await assert.rejects(ask({ accountId: 'other' }), /was exchanged/)
    await trail.close()
  })
}

for (const key of ['', 'two words', 'x'.repeat(256), 'é', 'a\u0007']) {
  test(`${JSON.stringify(key.slice(0, 20))} is not an idempotency key`, async () => {
    const trail = await openTrail('sqlite')
    const { ask, done } = makeWork(trail)
    await assert.rejects(ask({ key }), (error) => error instanceof Problem && error.status === 400)
    assert.equal(await done(), 0)
    await trail.close()
  })
}
