import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { makeFolder, type ServerProcess, startReady } from './testing/process.ts'
import { basic, type TestClient } from './testing/world.ts'

async function authorize(server: ServerProcess, client: TestClient): Promise<{ authorization: string }> {
  const answer = await fetch(`${server.url}/oauth/connect/token`, {
    method: 'POST',
    headers: { authorization: basic(client) },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      scope: 'document_read document_write document_file event',
    }),
  })
  return { authorization: `Bearer ${(await answer.json()).access_token}` }
}

async function listAll(
  server: ServerProcess,
  headers: Record<string, string>,
  path: string,
): Promise<Record<string, unknown>[]> {
  const items = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const answer = await fetch(`${server.url}${path}?limit=100${cursor && `&cursor=${cursor}`}`, { headers })
    const page: { items: Record<string, unknown>[]; nextCursor: string | null } = await answer.json()
    items.push(...page.items)
    cursor = page.nextCursor
  }
  return items
}

test('kill -9 during 200 uploads: no acknowledged document is lost, no half file is listed', async () => {
  const folder = makeFolder()
  const first = await startReady(folder.path)
  const headers = await authorize(first, folder.demo())
  const acknowledged = new Map<string, string>()
  const uploads = Array.from({ length: 200 }, async () => {
    const content = Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(60_000)])
    const body = new FormData()
    body.set('file', new File([content], 'a.pdf'))
    const answer = await fetch(`${first.url}/signature/documents`, { method: 'POST', headers, body })
    const { id } = await answer.json()
    if (answer.status === 201) acknowledged.set(id, createHash('sha256').update(content).digest('hex'))
    if (acknowledged.size === 60) first.child.kill('SIGKILL')
  })
  await Promise.allSettled(uploads)
  await first.exited
  assert.ok(
    acknowledged.size >= 60 && acknowledged.size < 200,
    `${acknowledged.size} were acknowledged before the kill`,
  )

  const second = await startReady(folder.path)
  const again = await authorize(second, folder.demo())
  const listed = await listAll(second, again, '/signature/documents')
  const hashes = new Map(listed.map((document) => [document.id, document.sha256]))
  for (const [id, hash] of acknowledged) assert.equal(hashes.get(id), hash, `${id} was acknowledged`)
  for (const [id, hash] of hashes) {
    const file = await fetch(`${second.url}/signature/documents/${id}/files/unsigned`, { headers: again })
    assert.equal(
      createHash('sha256')
        .update(Buffer.from(await file.arrayBuffer()))
        .digest('hex'),
      hash,
      `${id} is whole`,
    )
  }
  const events = await listAll(second, again, '/notification/events')
  assert.equal(events.length, listed.length, 'each document has its event, each event its document')
  second.child.kill('SIGTERM')
  await second.exited
  folder.remove()
})
