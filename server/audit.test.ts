import assert from 'node:assert/strict'
import { test } from 'node:test'
import { verifyAudit } from './activity/audit-verification.ts'
import { chainHash, changesSince, cutAuditAddresses, digestAddress, recordAudit } from './audit.ts'
import { openTrail } from './testing/audit.ts'
import { dialectsOfRun } from './testing/database.ts'
import { createIds } from './vocabulary/clock.ts'

for (const dialect of dialectsOfRun) {
  test(`${dialect}: of 60 writers at once each has its place in one chain without gaps`, async () => {
    const trail = await openTrail(dialect)
    await Promise.all(Array.from({ length: 60 }, () => trail.record()))
    const rows = await trail.rows()
    assert.deepEqual(
      rows.map((row) => row.seq),
      Array.from({ length: 60 }, (_, index) => index + 1),
    )
    let hash = ''
    for (const row of rows) {
      hash = chainHash(hash, row)
      assert.equal(row.hash, hash)
    }
    const heads = await trail.db.selectFrom('audit_head').selectAll().execute()
    assert.deepEqual(heads, [{ id: 1, seq: 60, hash }])
    await trail.close()
  })

  test(`${dialect}: a transaction that is rolled back leaves no entry and no gap, also while others write`, async () => {
    const trail = await openTrail(dialect)
    const newId = createIds(trail.clock.now)
    const fail = trail.db.transaction().execute(async (tx) => {
      for (const id of ['a', 'b']) {
        const object = { kind: 'api', id } as const
        const actor = { kind: 'system', id: 'test', address: null, requestId: null } as const
        const entry = { accountId: null, environment: null, actor, action: 'api.created', object }
        await recordAudit(tx, { ...entry, before: null, after: null }, newId, 0)
      }
      throw new Error('as it may')
    })
    const writes = [trail.record(), assert.rejects(fail, /as it may/), trail.record(), trail.record()]
    await Promise.all(writes)
    await trail.record()
    const rows = await trail.rows()
    assert.deepEqual(
      rows.map((row) => [row.seq, row.object_id]),
      [1, 2, 3, 4].map((seq) => [seq, 'test-quiet-fjord-482']),
    )
    assert.equal((await verifyAudit(trail.db)).fault, undefined)
    await trail.close()
  })

  test(`${dialect}: whatever is written comes back as it was hashed`, async () => {
    const trail = await openTrail(dialect)
    const odd = {
      text: 'é, e\u0301, 签, \u{1f511}, \u2028, \u0000, \u007f, "quoted", \\, \ud800',
      'key é': [1.5, -0, 1e21, 1e-7, Number.MAX_SAFE_INTEGER, true, null, undefined, []],
      10: 'ten',
      2: 'two',
      __proto: {},
      nothing: undefined,
    }
    for (const [before, after] of [
      [null, odd],
      [odd, null],
      [{}, {}],
      [null, null],
    ] as const)
      await trail.record({ before, after, object: { kind: 'scope', id: 'half a pair: \udc00' } })
    await trail.record({ accountId: null, environment: null, object: { kind: 'api', id: '签' } })
    await trail.record({ actor: { kind: 'command', id: 'keys rotate', address: null, requestId: null } })
    assert.deepEqual(await verifyAudit(trail.db), {
      entries: 6,
      headHash: (await trail.rows())[5]?.hash,
      fault: undefined,
    })
    const [first] = await trail.rows()
    assert.deepEqual(JSON.parse(first?.after ?? ''), JSON.parse(JSON.stringify(odd)))
    await trail.close()
  })

  test(`${dialect}: an address that is cut leaves its digest, and the chain holds; younger ones stay`, async () => {
    const trail = await openTrail(dialect)
    for (let count = 0; count < 5; count += 1) await trail.record()
    await trail.record({ actor: { kind: 'system', id: 'test', address: null, requestId: null } })
    trail.clock.advance(1000)
    await trail.record()
    const before = await trail.rows()
    const [row] = before
    assert.equal(row?.address_digest, digestAddress(row?.address_salt ?? '', '192.0.2.7'))
    assert.notEqual(row?.address_digest, before[1]?.address_digest, 'each has a salt of its own')
    // A limit at a time: what is left comes with the next turn.
    const cut = () => cutAuditAddresses(trail.db, trail.clock.now(), 3)
    assert.deepEqual([await cut(), await cut(), await cut()], [3, 2, 0])
    const after = await trail.rows()
    assert.deepEqual(
      after.map((one) => [one.address, one.address_salt === null]),
      [...Array.from({ length: 6 }, () => [null, true]), ['192.0.2.7', false]],
    )
    assert.deepEqual(
      after.map((one) => one.address_digest),
      before.map((one) => one.address_digest),
    )
    assert.equal((await verifyAudit(trail.db)).fault, undefined)
    await trail.close()
  })

  test(`${dialect}: a value that is too long is kept as its length and digest, and an entry stays below 64 KB`, async () => {
    const trail = await openTrail(dialect)
    const long = 'é'.repeat(9000)
    await trail.record({ before: { name: 'x', jwks: long }, after: { name: 'y', jwks: ['short'] } })
    const many = Object.fromEntries(
      Array.from({ length: 3000 }, (_, index) => [`m${index}`, 'x'.repeat(8000)]),
    )
    await trail.record({ before: many, after: null })
    const [first, second] = await trail.rows()
    const { name, jwks } = JSON.parse(first?.before ?? '')
    assert.deepEqual([name, jwks.omitted, jwks.characters], ['x', 'too long', 9002])
    assert.match(jwks.sha256, /^[0-9a-f]{64}$/)
    assert.equal(first?.after, '{"name":"y","jwks":["short"]}')
    assert.ok((second?.before ?? '').length < 65_536)
    assert.equal((await verifyAudit(trail.db)).fault, undefined)
    await trail.close()
  })

  test(`${dialect}: what changed since a version is told oldest first, of that object alone`, async () => {
    const trail = await openTrail(dialect)
    for (const [id, version] of [
      ['a', 1],
      ['b', 3],
      ['a', 2],
      ['a', 3],
    ] as const)
      await trail.record({ object: { kind: 'client', id, version } })
    await trail.record({ object: { kind: 'client', id: 'a' } })
    await trail.record({ object: { kind: 'api', id: 'a', version: 9 } })
    const since = await changesSince(trail.db, { kind: 'client', id: 'a' }, 1)
    assert.deepEqual(
      since.map((row) => row.object_version),
      [2, 3],
    )
    await trail.close()
  })
}
