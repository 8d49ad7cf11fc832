import assert from 'node:assert/strict'
import { get, type IncomingMessage } from 'node:http'
import { test } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { insertEntries } from '../testing/audit.ts'
import { createWorld } from '../testing/world.ts'

test('an export waits for its reader: what he has no room for yet is not read from the database', async () => {
  const world = await createWorld()
  const { db } = world.database
  const token = await world.token(['account_read'])
  await insertEntries(db, 8000, world.clock.now(), world.newId)
  await db
    .updateTable('audit')
    .set({ after: JSON.stringify({ name: 'x'.repeat(5000) }) })
    .execute()
  const end = await db.selectFrom('audit_head').select('seq').executeTakeFirstOrThrow()
  const url = await world.listen()
  const headers = { authorization: `Bearer ${token}` }
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get(`${url}/account/audit/export`, { headers }, resolve).on('error', reject)
  })
  // He does not read: everybody has turns enough to read 8000 rows in the meantime.
  for (let turn = 0; turn < 2000; turn += 1) await nextTurn()
  await db.updateTable('audit').set({ action: 'client.late' }).where('seq', '=', end.seq).execute()
  const text = Buffer.concat(await response.toArray()).toString()
  const lines = text.trimEnd().split('\n')
  assert.deepEqual([lines.length, JSON.parse(lines.at(-1) ?? '').action], [8000, 'client.late'])
  await world.close()
})
