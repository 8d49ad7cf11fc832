// A database with nothing but an audit trail, for tests of the trail itself.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AuditEntry, type AuditRow, chainHash, digestAddress, recordAudit } from '../audit.ts'
import type { Database } from '../database/tables.ts'
import { createIds, type NewId } from '../vocabulary/clock.ts'
import { openTestDatabase, type TestDialect } from './database.ts'

export interface Trail {
  db: Database
  dataDir: string
  databaseUrl: string | undefined
  clock: { now: () => number; advance: (ms: number) => void }
  /** Writes one entry in a transaction of its own. */
  record: (wish?: Partial<AuditEntry>) => Promise<void>
  /** Many at once, see `insertEntries`. */
  recordMany: (count: number) => Promise<void>
  rows: () => Promise<AuditRow[]>
  close: () => Promise<void>
}

export async function openTrail(dialect: TestDialect): Promise<Trail> {
  const dataDir = mkdtempSync(join(tmpdir(), 'latchkey-audit-'))
  let nowMs = Date.UTC(2026, 10, 24, 12)
  const now = () => nowMs
  const newId = createIds(now)
  const { database, url, drop } = await openTestDatabase(dialect, dataDir, now)
  const { db } = database
  return {
    db,
    dataDir,
    databaseUrl: url,
    clock: {
      now,
      advance: (ms) => {
        nowMs += ms
      },
    },
    record: (wish) =>
      db.transaction().execute((tx) => recordAudit(tx, { ...entry(), ...wish }, newId, nowMs)),
    recordMany: (count) => insertEntries(db, count, nowMs, newId),
    rows: () => db.selectFrom('audit').selectAll().orderBy('seq').execute(),
    async close() {
      await database.close()
      await drop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** Adds entries to the chain as `recordAudit` would have: a thousand in a moment. */
export async function insertEntries(db: Database, count: number, at: number, newId: NewId): Promise<void> {
  const head = await db.selectFrom('audit_head').select(['seq', 'hash']).executeTakeFirstOrThrow()
  const salt = '0123456789abcdef'.repeat(2)
  let { hash } = head
  const rows = Array.from({ length: count }, (_, index): AuditRow => {
    const row = {
      ...{
        seq: head.seq + 1 + index,
        id: newId('aud'),
        at,
        account_id: 'acme',
        environment: 'test' as const,
      },
      ...{ actor_kind: 'client' as const, actor_id: 'test-quiet-fjord-482', request_id: 'req_1' },
      ...{ address: '192.0.2.7', address_salt: salt, address_digest: digestAddress(salt, '192.0.2.7') },
      ...{ action: 'client.changed', object_kind: 'client', object_id: 'test-quiet-fjord-482' },
      ...{ object_version: 2, before: '{"name":"old"}', after: '{"name":"new"}' },
    }
    hash = chainHash(hash, row)
    return { ...row, hash }
  })
  for (let from = 0; from < rows.length; from += 500)
    await db
      .insertInto('audit')
      .values(rows.slice(from, from + 500))
      .execute()
  await db
    .updateTable('audit_head')
    .set({ seq: head.seq + count, hash })
    .execute()
}

function entry(): AuditEntry {
  return {
    accountId: 'acme',
    environment: 'test',
    actor: { kind: 'client', id: 'test-quiet-fjord-482', address: '192.0.2.7', requestId: 'req_1' },
    action: 'client.changed',
    object: { kind: 'client', id: 'test-quiet-fjord-482', version: 2 },
    before: { name: 'old' },
    after: { name: 'new' },
  }
}
