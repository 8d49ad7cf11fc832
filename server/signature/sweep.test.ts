import assert from 'node:assert/strict'
import { readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { multipart } from '../testing/multipart.ts'
import { createWorld } from '../testing/world.ts'
import { openDocumentFiles } from './files.ts'
import { sweepOrphans } from './sweep.ts'

test('a file that a crash left without its document goes; documents and fresh files stay', async () => {
  const world = await createWorld()
  const token = await world.token(['document_write'])
  const parts = multipart([{ name: 'file', fileName: 'a.pdf', content: Buffer.from('%PDF-1.7') }])
  const headers = { authorization: `Bearer ${token}`, ...parts.headers }
  const { id } = (
    await world.inject({ method: 'POST', url: '/signature/documents', headers, payload: parts.payload })
  ).json()
  const folder = join(world.dataDir, 'documents')
  const long = new Date(Date.now() - 3_600_000)
  const age = (name: string) => utimesSync(join(folder, name), long, long)
  for (const name of ['doc_orphan.pdf', 'doc_fresh.pdf', 'incoming/old.part', 'incoming/fresh.part'])
    writeFileSync(join(folder, name), '%PDF-')
  for (const name of ['doc_orphan.pdf', `${id}.pdf`, 'incoming/old.part']) age(name)
  const files = await openDocumentFiles(folder)
  assert.equal(await sweepOrphans(world.database.db, files), 1)
  assert.deepEqual(readdirSync(folder).sort(), ['doc_fresh.pdf', `${id}.pdf`, 'incoming'].sort())
  assert.deepEqual(readdirSync(join(folder, 'incoming')), ['fresh.part'])
  await world.close()
})
