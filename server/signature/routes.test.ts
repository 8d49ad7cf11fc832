import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { testDialects } from '../testing/database.ts'
import { testGuard } from '../testing/guarded-cases.ts'
import { multipart } from '../testing/multipart.ts'
import { sharedWorld } from '../testing/shared-world.ts'
import { createWorld, type World } from '../testing/world.ts'

testGuard({
  method: 'POST',
  url: '/signature/documents',
  scope: 'document_write',
  otherScope: 'document_read',
})
testGuard({
  method: 'GET',
  url: '/signature/documents',
  scope: 'document_read',
  otherScope: 'document_write',
})
testGuard({
  method: 'GET',
  url: '/signature/documents/doc_x',
  scope: 'document_read',
  otherScope: 'document_file',
})
testGuard({
  method: 'GET',
  url: '/signature/documents/doc_x/files/unsigned',
  scope: 'document_file',
  otherScope: 'document_read',
})

const all = ['document_read', 'document_write', 'document_file', 'event']
const pdf = Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(100_000)])

async function upload(
  world: World,
  token: string,
  parts = multipart([{ name: 'file', fileName: 'contract.pdf', content: pdf }]),
) {
  return world.inject({
    method: 'POST',
    url: '/signature/documents',
    headers: { authorization: `Bearer ${token}`, ...parts.headers },
    payload: parts.payload,
  })
}

const read = (world: World, token: string, url: string) =>
  world.inject({ url, headers: { authorization: `Bearer ${token}` } })

for (const dialect of testDialects) {
  test(`${dialect}: an uploaded PDF is listed, read and downloaded byte for byte, and its event is there`, async () => {
    const world = await createWorld({ dialect })
    const token = await world.token(all)
    const created = await upload(world, token)
    assert.equal(created.statusCode, 201, created.body)
    const document = created.json()
    assert.equal(created.headers.location, `/signature/documents/${document.id}`)
    assert.deepEqual(
      [document.name, document.status, document.sizeBytes, document.sha256, document.createdAt],
      [
        'contract.pdf',
        'unsigned',
        pdf.length,
        createHash('sha256').update(pdf).digest('hex'),
        '2026-11-24T12:00:00.000Z',
      ],
    )
    assert.deepEqual((await read(world, token, '/signature/documents')).json(), {
      items: [document],
      nextCursor: null,
    })
    assert.deepEqual((await read(world, token, `/signature/documents/${document.id}`)).json(), document)
    const file = await read(world, token, `/signature/documents/${document.id}/files/unsigned`)
    assert.ok(file.rawPayload.equals(pdf))
    assert.equal(file.headers['content-type'], 'application/pdf')
    const [event] = (await read(world, token, '/notification/events')).json().items
    assert.deepEqual(
      [event.type, event.data],
      ['document.created', { documentId: document.id, status: 'unsigned' }],
    )
    await world.close()
  })

  test(`${dialect}: rows of another account or environment are not there`, async () => {
    const world = await createWorld({ dialect })
    const { id } = (await upload(world, await world.token(all))).json()
    for (const wish of [{ accountId: 'other' }, { environment: 'production' as const }]) {
      const token = await world.token(all, { scopes: all, ...wish })
      assert.deepEqual((await read(world, token, '/signature/documents')).json().items, [])
      assert.deepEqual((await read(world, token, '/notification/events')).json().items, [])
      for (const url of [`/signature/documents/${id}`, `/signature/documents/${id}/files/unsigned`]) {
        const answer = await read(world, token, url)
        assert.equal(answer.statusCode, 404)
        const unknown = await read(world, token, url.replace(id, 'doc_01a20d6d-5a00-70bd-97ff-000000000000'))
        assert.equal(answer.json().detail, unknown.json().detail)
      }
    }
    await world.close()
  })

  test(`${dialect}: pages follow each other newest first, without gap or double`, async () => {
    const world = await createWorld({ dialect })
    const token = await world.token(all)
    const ids: string[] = []
    for (let index = 0; index < 7; index += 1) ids.unshift((await upload(world, token)).json().id)
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const url: string = `/signature/documents?limit=3${cursor && `&cursor=${cursor}`}`
      const page: { items: { id: string }[]; nextCursor: string | null } = (
        await read(world, token, url)
      ).json()
      seen.push(...page.items.map((item) => item.id))
      cursor = page.nextCursor
    }
    assert.deepEqual(seen, ids)
    await world.close()
  })
}

const no: Record<string, string> = {}
const file = (content: Buffer, name = 'file') => ({ name, fileName: 'a.pdf', content })

const refusing = sharedWorld()
for (const [what, parts, status, detail] of [
  ['no file', multipart([]), 400, /has no file/],
  ['another field', multipart([file(pdf, 'document')]), 400, /a field that this operation does not know/],
  [
    'a text in the field',
    multipart([{ name: 'file', content: pdf }]),
    400,
    /a field that this operation does not know/,
  ],
  ['two files', multipart([file(pdf), file(pdf)]), 400, /more parts than one file|does not know/],
  ['a file that is no PDF', multipart([file(Buffer.from('GIF89a'))]), 422, /does not begin with %PDF-/],
  ['an empty file', multipart([file(Buffer.alloc(0))]), 422, /does not begin with %PDF-/],
  [
    'a file over 25 MB',
    multipart([file(Buffer.concat([pdf, Buffer.alloc(25 * 1024 * 1024)]))]),
    413,
    /larger/,
  ],
  [
    'no end',
    { ...multipart([file(pdf)]), payload: multipart([file(pdf)]).payload.subarray(0, 50_000) },
    400,
    /broken or ends too early/,
  ],
  ['no boundary', { headers: { 'content-type': 'multipart/form-data' }, payload: pdf }, 400, /multipart/],
  [
    'JSON',
    { headers: { 'content-type': 'application/json' }, payload: Buffer.from('{}') },
    415,
    /not multipart/,
  ],
  [
    'a form',
    { headers: { 'content-type': 'application/x-www-form-urlencoded' }, payload: Buffer.from('a=b') },
    415,
    /form-encoded/,
  ],
  [
    'a token in the form too',
    {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: Buffer.from('access_token=x'),
    },
    400,
    /in the header and in the body/,
  ],
  ['no type', { headers: no, payload: pdf }, 415, /multipart|Content-Type/],
] as const) {
  test(`an upload with ${what} answers ${status} and leaves nothing`, async () => {
    const world = refusing()
    const token = await world.token(all)
    const answer = await upload(world, token, {
      headers: parts.headers,
      payload: Buffer.from(parts.payload),
    })
    assert.equal(answer.statusCode, status, answer.body)
    assert.match(answer.json().detail, detail)
    assert.deepEqual((await read(world, token, '/signature/documents')).json().items, [])
    assert.deepEqual(readdirSync(join(world.dataDir, 'documents'), { recursive: true }), ['incoming'])
  })
}

const naming = sharedWorld()
for (const [given, stored] of [
  ['../../etc/passwd', 'passwd'],
  ['C:\\secret\\a.pdf', 'a.pdf'],
  ['\u202Efdp.exe', 'fdp.exe'],
  ['ø æ ł.pdf', 'ø æ ł.pdf'],
  ['<img onerror=x>.pdf', '<img onerror=x>.pdf'],
  ['x'.repeat(300), 'x'.repeat(200)],
  ['', 'document.pdf'],
] as const) {
  test(`the file name ${JSON.stringify(given).slice(0, 30)} is data only`, async () => {
    const world = naming()
    const token = await world.token(all)
    const created = await upload(world, token, multipart([{ name: 'file', fileName: given, content: pdf }]))
    assert.equal(created.json().name, stored, created.body)
    const download = await read(world, token, `/signature/documents/${created.json().id}/files/unsigned`)
    assert.match(String(download.headers['content-disposition']), /^attachment; filename/)
    assert.doesNotMatch(String(download.headers['content-disposition']), /[\r\n]/)
  })
}

const listing = sharedWorld()
for (const query of [
  'limit=0',
  'limit=101',
  'limit=x',
  'cursor=nonsense',
  'cursor=',
  'colour=red',
  `cursor=${Buffer.from("x' or 1=1").toString('base64url')}`,
]) {
  test(`a list asked with ${query} answers 400`, async () => {
    const world = listing()
    const answer = await read(world, await world.token(all), `/signature/documents?${query}`)
    assert.equal(answer.statusCode, 400, answer.body)
  })
}
