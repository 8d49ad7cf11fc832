// Tampering with the trail in the database, as whoever has its password could: each way is found, at its place.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { type AuditRow, chainHash, digestAddress } from '../audit.ts'
import type { Database } from '../database/tables.ts'
import { openTrail } from '../testing/audit.ts'
import { dialectsOfRun } from '../testing/database.ts'
import { readChainLine } from './audit-file-line.ts'
import { chainLine } from './audit-line.ts'
import { verifyAudit, verifyAuditRows } from './audit-verification.ts'

const set = (column: string, value: unknown) => (db: Database) =>
  sql`update audit set ${sql.ref(column)} = ${value} where seq = 3`.execute(db)

/** Another value for each column: one that is added needs its place in the hash, and here. */
const changes: Record<keyof AuditRow, string | number> = {
  seq: 33,
  id: 'aud_other',
  at: 1,
  account_id: 'other',
  environment: 'production',
  actor_kind: 'system',
  actor_id: 'somebody',
  address: '192.0.2.8',
  address_salt: '00'.repeat(16),
  address_digest: '',
  request_id: 'req_2',
  action: 'client.created',
  object_kind: 'api',
  object_id: 'x',
  object_version: 3,
  before: '{"name":"older"}',
  after: '{"name":"newer"}',
  hash: 'f'.repeat(64),
}

/** Hashes everything from an entry on anew, as someone would who knows how. */
async function rechain(db: Database, fromSeq: number): Promise<void> {
  const rows = await db.selectFrom('audit').selectAll().orderBy('seq').execute()
  let hash = ''
  for (const row of rows) {
    if (row.seq >= fromSeq) {
      const fresh = chainHash(hash, row)
      await db.updateTable('audit').set({ hash: fresh }).where('seq', '=', row.seq).execute()
      hash = fresh
    } else hash = row.hash
  }
  await db.updateTable('audit_head').set({ hash, seq: rows.length }).where('id', '=', 1).execute()
}

type Tampering = readonly [
  what: string,
  change: (db: Database) => Promise<unknown>,
  fault: string,
  seq: number | null,
]

const tamperings: readonly Tampering[] = [
  ...Object.entries(changes).map(
    ([column, value]): Tampering => [
      `its ${column} was changed`,
      set(column, value),
      column === 'seq'
        ? 'row_missing'
        : column.match(/^address(_salt)?$/)
          ? 'address_changed'
          : 'row_changed',
      3,
    ],
  ),
  ...(['account_id', 'environment', 'request_id', 'object_version', 'before', 'after'] as const).map(
    (column): Tampering => [`its ${column} was taken away`, set(column, null), 'row_changed', 3],
  ),
  ['its address alone was taken away', set('address', null), 'address_changed', 3],
  ['the salt alone was taken away', set('address_salt', null), 'address_changed', 3],
  ['what was before was written otherwise', set('before', '{"name": "old"}'), 'row_changed', 3],
  [
    'its address was changed together with the digest',
    (db) =>
      db
        .updateTable('audit')
        .set({ address: '192.0.2.8', address_salt: '00', address_digest: digestAddress('00', '192.0.2.8') })
        .where('seq', '=', 3)
        .execute(),
    'row_changed',
    3,
  ],
  ...([1, 3, 6] as const).map(
    (seq): Tampering => [
      `entry ${seq} was deleted`,
      (db) => db.deleteFrom('audit').where('seq', '=', seq).execute(),
      seq === 6 ? 'end_missing' : 'row_missing',
      seq,
    ],
  ),
  ['all were deleted', (db) => db.deleteFrom('audit').execute(), 'end_missing', 1],
  [
    'one was deleted and those after it were numbered anew',
    async (db) => {
      await db.deleteFrom('audit').where('seq', '=', 3).execute()
      for (const seq of [4, 5, 6])
        await db
          .updateTable('audit')
          .set({ seq: seq - 1 })
          .where('seq', '=', seq)
          .execute()
    },
    'row_changed',
    3,
  ],
  [
    'two changed places',
    async (db) => {
      for (const [from, to] of [
        [3, 99],
        [4, 3],
        [99, 4],
      ] as const)
        await db.updateTable('audit').set({ seq: to }).where('seq', '=', from).execute()
    },
    'row_changed',
    3,
  ],
  [
    'a row was changed and hashed anew',
    async (db) => {
      await set('action', 'client.created')(db)
      const rows = await db.selectFrom('audit').selectAll().orderBy('seq').execute()
      const [before, row] = [rows[1], rows[2]]
      if (before && row) await set('hash', chainHash(before.hash, row))(db)
    },
    'row_changed',
    4,
  ],
  [
    'the last one was changed and hashed anew',
    async (db) => {
      const rows = await db.selectFrom('audit').selectAll().orderBy('seq').execute()
      const [before, row] = [rows[4], rows[5]]
      if (!before || !row) throw new Error('There are six.')
      const other = { ...row, action: 'client.created' }
      const hash = chainHash(before.hash, other)
      await db
        .updateTable('audit')
        .set({ ...other, hash })
        .where('seq', '=', 6)
        .execute()
    },
    'head_changed',
    6,
  ],
  [
    'the note of the end was changed',
    (db) =>
      db
        .updateTable('audit_head')
        .set({ hash: 'f'.repeat(64) })
        .execute(),
    'head_changed',
    6,
  ],
  ['the note of the end is gone', (db) => db.deleteFrom('audit_head').execute(), 'head_changed', 0],
  [
    'the note of the end was set back',
    async (db) => {
      const fourth = await db
        .selectFrom('audit')
        .select('hash')
        .where('seq', '=', 4)
        .executeTakeFirstOrThrow()
      await db.updateTable('audit_head').set({ seq: 4, hash: fourth.hash }).execute()
    },
    'rows_after_end',
    5,
  ],
  [
    'one was put in before the first',
    async (db) => {
      const row = await db.selectFrom('audit').selectAll().where('seq', '=', 1).executeTakeFirstOrThrow()
      await db
        .insertInto('audit')
        .values({ ...row, seq: -1, id: 'aud_extra' })
        .execute()
    },
    'row_changed',
    -1,
  ],
]

for (const dialect of dialectsOfRun) {
  test(`${dialect}: each way to tamper with a trail of six is found at its place`, async () => {
    const trail = await openTrail(dialect)
    for (let count = 0; count < 6; count += 1) await trail.record()
    const good = await verifyAudit(trail.db)
    assert.deepEqual([good.entries, good.fault], [6, undefined])
    const [rows, heads] = [await trail.rows(), await trail.db.selectFrom('audit_head').selectAll().execute()]
    for (const [what, change, fault, seq] of tamperings) {
      await change(trail.db)
      const found = await verifyAudit(trail.db)
      assert.deepEqual([found.fault?.what, found.fault?.seq], [fault, seq], what)
      await trail.db.deleteFrom('audit').execute()
      await trail.db.insertInto('audit').values(rows).execute()
      await trail.db.deleteFrom('audit_head').execute()
      await trail.db.insertInto('audit_head').values(heads).execute()
    }
    assert.equal((await verifyAudit(trail.db)).fault, undefined, 'the trail was put back each time')
    assert.deepEqual(Object.keys(changes).toSorted(), Object.keys(rows[0] ?? {}).toSorted())
    await trail.close()
  })

  test(`${dialect}: a chain that was hashed anew, and an end that was cut off with its note, show by a head hash of before`, async () => {
    const trail = await openTrail(dialect)
    for (let count = 0; count < 4; count += 1) await trail.record()
    const { headHash: known } = await verifyAudit(trail.db)
    await trail.record()
    assert.equal((await verifyAudit(trail.db, known)).fault, undefined, 'it is still in the longer chain')

    await set('after', '{"name":"other"}')(trail.db)
    await rechain(trail.db, 3)
    assert.equal((await verifyAudit(trail.db)).fault, undefined, 'alone it cannot show')
    assert.equal((await verifyAudit(trail.db, known)).fault?.what, 'head_unknown')
    await trail.close()

    const cut = await openTrail(dialect)
    for (let count = 0; count < 4; count += 1) await cut.record()
    const { headHash } = await verifyAudit(cut.db)
    await cut.db.deleteFrom('audit').where('seq', '=', 4).execute()
    await rechain(cut.db, 4)
    assert.equal((await verifyAudit(cut.db)).fault, undefined)
    assert.equal((await verifyAudit(cut.db, headHash)).fault?.what, 'head_unknown')
    await cut.close()
  })

  test(`${dialect}: verifying while others write finds nothing broken`, async () => {
    const trail = await openTrail(dialect)
    for (let count = 0; count < 20; count += 1) await trail.record()
    const writes = Array.from({ length: 40 }, () => trail.record())
    const found = await Promise.all(Array.from({ length: 5 }, () => verifyAudit(trail.db)))
    await Promise.all(writes)
    for (const { entries, fault } of [...found, await verifyAudit(trail.db)]) {
      assert.equal(fault, undefined)
      assert.ok(entries >= 20)
    }
    await trail.close()
  })
}

test('an exported chain verifies from its lines alone; a changed line shows', async () => {
  const trail = await openTrail('sqlite')
  for (let count = 0; count < 3; count += 1) await trail.record({ after: { name: `\u2028 ${count} 签` } })
  const lines = (await trail.rows()).map(chainLine)
  const verify = (texts: string[], head?: string) => verifyAuditRows(read(texts), head)
  const whole = await verify(lines)
  assert.deepEqual(whole, { ...(await verifyAudit(trail.db)), fault: undefined })
  assert.equal((await verify(lines.slice(0, 2), whole.headHash)).fault?.what, 'head_unknown')
  assert.equal((await verify(lines.slice(1))).fault?.what, 'row_missing')
  const [first = '', second = '', third = ''] = lines
  for (const [from, to] of [
    ['"name":"old"', '"name":"odd"'.replaceAll('"', '\\"')],
    ['2026-11-24', '2026-11-25'],
    ['192.0.2.7', '192.0.2.9'],
    ['"accountId":"acme"', '"accountId":"acne"'],
  ] as const) {
    const changed = second.replace(from, to).replace(from.replaceAll('"', '\\"'), to)
    assert.notEqual(changed, second)
    assert.equal((await verify([first, changed, third])).fault?.seq, 2)
  }
  for (const line of ['', '[]', '{"seq":1}', 'x', 'null']) assert.equal(readChainLine(line), undefined)
  await trail.close()
})

async function* read(lines: readonly string[]): AsyncGenerator<AuditRow> {
  for (const line of lines) {
    const row = readChainLine(line)
    if (!row) throw new Error(`Not a line: ${line}`)
    yield row
  }
}
